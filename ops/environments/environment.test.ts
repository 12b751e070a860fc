import { expect, test } from "bun:test"
import { Refusal } from "../refusal.ts"
import { secretNames } from "../swarm/secrets.ts"
import { parseEnvironment, readEnvironment, type SwarmEnvironment } from "./environment.ts"

const least = `
kind = "swarm"
stack = "docket-demo"
image = "ghcr.io/owner/docket"
domains = ["docket.example.org"]
acme_email = "operator@example.org"
`

const parse = (text: string) => parseEnvironment(text, { name: "demo", path: "demo.toml" })

function faultsOf(text: string): string[] {
  try {
    parse(text)
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal)
    return ((error as Refusal).facts.faults as string[]) ?? [(error as Refusal).message]
  }
  return []
}

test("what is left out has a default", () => {
  expect(parse(least)).toMatchObject({
    replicas: 2,
    database: "stack",
    images: {},
    settings: {},
    name: "demo",
  })
})

test("the environments that come with the repository are sound", async () => {
  for (const name of ["staging", "production"])
    expect(await readEnvironment(name)).toMatchObject({ name, kind: "swarm" })
  expect(await readEnvironment("hosted")).toMatchObject({ name: "hosted", kind: "hosted" })
})

test("paths are relative to the repository", () => {
  const environment = parse(`${least}[cosign]\nkey = "ops/demo.pub"`) as SwarmEnvironment
  expect(environment.cosign).toEqual({ key: new URL("../demo.pub", import.meta.url).pathname })
})

test("every fault is said at once, one sentence for each", () => {
  expect(
    faultsOf(`
kind = "swarm"
stack = "Docket"
image = "ghcr.io/owner/docket:latest"
domains = []
replica = 3
replicas = 0
`),
  ).toEqual([
    "acme_email must be the address to which the certificate authority writes.",
    "replica means nothing here. Did you mean replicas?",
    "stack must be a name of up to 27 characters in lower case, as in docket-production.",
    "image must be a repository in lower case without tag or digest, as in ghcr.io/owner/docket.",
    'domains must be a list of 1 to 20 host names in lower case, as in ["docket.example.org"].',
    "replicas must be a number from 1 to 50.",
  ])
})

test("the longest name of a stack leaves room for that of every secret in Swarm's 64 characters", () => {
  const longest = "d".repeat(27)
  expect(faultsOf(least.replace("docket-demo", longest))).toEqual([])
  expect(faultsOf(least.replace("docket-demo", `${longest}d`))).toHaveLength(1)
  for (const name of secretNames) expect(`${longest}_${name}_12345678`.length, name).toBeLessThanOrEqual(64)
})

test("a setting is held against the server's own table", () => {
  expect(
    faultsOf(`${least}[settings]
LOG_LEVEL = "loud"
JWT_SECRET_KEY = "0123456789012345678901234567890123456789"
REGISTRATON = "closed"
MIGRATE_AT_START = true
SMTP_PORT = 465`),
  ).toEqual([
    "settings.LOG_LEVEL must be one of debug, info, warn, error, silent.",
    "settings.JWT_SECRET_KEY is a secret and belongs into the Swarm: bun run ops secrets ENVIRONMENT.",
    "settings.REGISTRATON is not a variable of Docket. Did you mean REGISTRATION?",
    expect.stringMatching(/^settings\.MIGRATE_AT_START is /),
  ])
})

test("a file that is not TOML, of no kind, or not there", async () => {
  expect(faultsOf("kind =")[0]).toStartWith("demo.toml is not TOML: ")
  expect(faultsOf(`kind = "cloud"`)).toContain('kind must be "swarm" or "hosted".')
  expect(readEnvironment("prodution")).rejects.toThrow(
    'There is no environment "prodution". There are: hosted, production, staging',
  )
  expect(readEnvironment("/nowhere/demo.toml")).rejects.toThrow("There is no file /nowhere/demo.toml")
  expect(readEnvironment("../../etc/passwd")).rejects.toThrow("There is no environment")
})
