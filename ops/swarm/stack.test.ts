import { expect, test } from "bun:test"
import { join } from "node:path"
import { allVariables } from "../../server/variables.ts"
import type { Compose } from "./compose.ts"
import { secretNames } from "./secrets.ts"
import { composeStack, type StackEnvironment } from "./stack.ts"

const environment: StackEnvironment = {
  stack: "docket-test",
  domains: ["docket.example.org", "www.docket.example.org"],
  acme_email: "operator@example.org",
  replicas: 2,
  database: "stack",
}
const image = `registry.example/docket@sha256:${"a".repeat(64)}`
const secrets = { "database-url": "one", "jwt-secret-key": "two", "postgres-password": "three" }
const facts = { overlayRanges: ["10.0.0.0/8"], cpus: 4 }

const compose = (changes: Partial<StackEnvironment> = {}, given: Record<string, string> = secrets) =>
  composeStack({ ...environment, ...changes }, image, given, facts)
const server = ({ services }: Compose) => services.server!

test("every variable of the stack file has a value, and numbers are numbers", async () => {
  const composed = await compose()
  expect(JSON.stringify(composed)).not.toMatch(/\$\{(?!1\})/)
  expect(server(composed).deploy.replicas).toBe(2)
  expect(server(composed).image).toBe(image)
  expect(server(composed).environment).toMatchObject({
    FRONTEND_URL: "https://docket.example.org",
    MIGRATE_AT_START: "false",
    TRUSTED_PROXIES: "10.0.0.0/8",
  })
})

test("secrets that are there are mounted, optional ones that are not leave nothing behind", async () => {
  const without = await compose()
  expect(Object.keys(without.secrets)).toEqual(["database-url", "jwt-secret-key", "postgres-password"])
  expect(without.secrets["database-url"]).toEqual({ external: true, name: "one" })
  expect(JSON.stringify(without)).not.toContain("smtp-password")
  const given = await compose({}, { ...secrets, "smtp-password": "four" })
  expect(server(given).environment?.SMTP_PASSWORD_FILE).toBe("/run/secrets/smtp-password")
  expect(server(given).secrets?.map(({ source }) => source)).toContain("smtp-password")
})

test("every secret variable of the server has a secret of the stack", async () => {
  const every = Object.fromEntries(secretNames.map((name) => [name, `stored-${name}`]))
  const { environment: variables, secrets: mounted } = server(await compose({}, every))
  // A stack has no rewrite of Vercel's before it.
  const named = allVariables.filter(([name, { secret }]) => secret && name !== "PROXY_SECRET")
  expect(named.length).toBeGreaterThan(10)
  for (const [name] of named) {
    const file = name.toLowerCase().replaceAll("_", "-")
    expect(variables?.[`${name}_FILE`], name).toBe(`/run/secrets/${file}`)
    expect(mounted, name).toContainEqual({
      source: file,
      target: file,
      uid: "1000",
      gid: "1000",
      mode: 0o400,
    })
  }
})

test("required secrets that are missing are named, all of them", async () => {
  const error = await compose({}, { "postgres-password": "three" }).catch((error) => error)
  expect(error).toMatchObject({ code: 3 })
  expect(error.message).toContain("database-url, jwt-secret-key")
})

test("a database elsewhere: none in the stack, and the way out is open", async () => {
  const composed = await compose({ database: "outside" }, { "database-url": "one", "jwt-secret-key": "two" })
  expect(composed.services.database).toBeUndefined()
  expect(composed.volumes).toEqual({ acme: null })
  expect(composed.networks.data).toMatchObject({ internal: false })
})

test("a database whose log is archived has a way to the storage, and what opens it as secrets", async () => {
  const archive = {
    image: `registry.example/docket-database@sha256:${"b".repeat(64)}`,
    endpoint: "https://s3.example.org",
    bucket: "docket-archive",
  }
  const missing = await compose({ archive }).catch((error) => error)
  expect(missing.message).toContain("archive-access-key-id, archive-secret-access-key, archive-passphrase")
  const given = { "archive-access-key-id": "4", "archive-secret-access-key": "5", "archive-passphrase": "6" }
  const { services, networks } = await compose({ archive }, { ...secrets, ...given })
  expect(services.database).toMatchObject({ image: archive.image, networks: ["data", "archive"] })
  expect(services.database!.environment).toMatchObject({
    ARCHIVE_ENDPOINT: "https://s3.example.org",
    ARCHIVE_QUEUE: "4GB",
  })
  expect(services.database!.secrets).toHaveLength(4)
  // Nobody but the database gets out by it, and what is in the other network still does not get out.
  expect(Object.entries(services).filter(([, { networks }]) => networks.includes("archive"))).toHaveLength(1)
  expect(networks.data).toMatchObject({ internal: true })
  expect(Object.keys((await compose()).networks)).not.toContain("archive")
})

test("further domains lead to the first, each by a router of its own", async () => {
  const labels = server(await compose({ domains: ["a.example", "b.example", "c.example"] })).deploy.labels!
  expect(labels["traefik.http.routers.docket.rule"]).toBe("Host(`a.example`) && !PathPrefix(`/metrics`)")
  expect(labels["traefik.http.routers.other-1.rule"]).toBe("Host(`b.example`)")
  expect(labels["traefik.http.routers.other-2.rule"]).toBe("Host(`c.example`)")
  expect(labels["traefik.http.middlewares.to-first.redirectRegex.replacement"]).toBe(
    `https://a.example/$\{1}`,
  )
  const alone = server(await compose({ domains: ["a.example"] })).deploy.labels!
  expect(Object.keys(alone).filter((label) => label.includes("other"))).toEqual([])
})

test("the environment's settings, images and limits count", async () => {
  const composed = await compose({
    settings: { REGISTRATION: "closed" },
    images: { traefik: "mirror.example/traefik:v3" },
    limits: { server: { memory: "2G" } },
    nofile: 20_000,
  })
  expect(server(composed).environment?.REGISTRATION).toBe("closed")
  expect(composed.services.traefik!.image).toBe("mirror.example/traefik:v3")
  expect(server(composed).deploy.resources).toMatchObject({ limits: { cpus: "1", memory: "2G" } })
  expect(composed.services.traefik!.environment).toMatchObject({ GOMEMLIMIT: "460MiB" })
  expect(server(composed).ulimits).toEqual({ nofile: { soft: 20_000, hard: 20_000 } })
  expect(composed.services.database!.deploy.resources).toMatchObject({ limits: { cpus: "4" } })
})

test("configs are named after what is in them", async () => {
  const ca = join(import.meta.dir, "../socket-proxy/haproxy.cfg")
  const composed = await compose({ acme: { ca, directory: "https://acme.example/dir" } })
  expect(composed.configs["acme-ca"]!.name).toMatch(/^docket-test_acme-ca_[0-9a-f]{8}$/)
  expect(composed.configs["acme-ca"]!.name?.slice(-8)).toBe(composed.configs["socket-proxy"]!.name?.slice(-8))
  expect((await compose()).configs["acme-ca"]).toBeUndefined()
})

test("everything runs without capabilities it does not need, on a read-only root, with bounds", async () => {
  for (const [name, service] of Object.entries((await compose()).services)) {
    expect(service).toMatchObject({ init: true, read_only: true, cap_drop: ["ALL"] })
    expect(service.cap_add !== undefined).toBe(name === "database")
    expect(service.deploy.resources).toMatchObject({
      limits: { cpus: expect.any(String), memory: expect.any(String), pids: expect.any(Number) },
    })
    expect(service.logging).toMatchObject({ options: { "max-size": "10m", "max-file": "3" } })
    expect(service.healthcheck).toBeDefined()
  }
})
