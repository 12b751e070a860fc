import { afterAll, beforeAll, expect, test } from "bun:test"
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseEnvironment } from "../environments/environment.ts"
import { Engine } from "./engine.ts"
import { EngineAway } from "./engine-api.ts"

/** An engine that can't be reached looks the same with any client, so `docker` is a script that fails like it. */
let folder: string
const path = process.env.PATH
const host = process.env.DOCKER_HOST

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "docket-no-engine-"))
  process.env.PATH = `${folder}:${path}`
  delete process.env.DOCKER_HOST
})

afterAll(async () => {
  process.env.PATH = path
  if (host !== undefined) process.env.DOCKER_HOST = host
  await rm(folder, { recursive: true, force: true })
})

const environment = parseEnvironment(
  `kind = "swarm"
engine = "ssh://deploy@docket.example.org"
stack = "demo"
image = "ghcr.io/owner/docket"
domains = ["docket.example.org"]
acme_email = "operator@example.org"`,
  { name: "demo", path: "demo.toml" },
)

async function dockerIs(script: string) {
  await writeFile(join(folder, "docker"), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, "docker"), 0o755)
}

async function failure(seconds?: number): Promise<Error> {
  try {
    await Engine.open(environment, { seconds })
  } catch (error) {
    return error as Error
  }
  throw new Error("it was reached")
}

test("an engine that refuses the connection is told with SSH's own reason", async () => {
  await dockerIs(
    `[ "$DOCKER_HOST" = ssh://deploy@docket.example.org ] && echo "ssh: connect to host docket.example.org port 22: Connection refused" >&2; exit 255`,
  )
  const error = await failure()
  expect(error).toBeInstanceOf(EngineAway)
  expect(error.message).toBe(
    "The Docker engine at ssh://deploy@docket.example.org can't be reached: ssh: connect to host docket.example.org port 22: Connection refused",
  )
})

test("an engine that never answers is given up", async () => {
  await dockerIs(`echo $$ > "${folder}/pid"; exec sleep 60`)
  const error = await failure(0.5)
  expect(error.message).toEndWith("it does not answer.")
  const pid = Number(await Bun.file(join(folder, "pid")).text())
  await Bun.sleep(200)
  expect(() => process.kill(pid, 0)).toThrow()
})
