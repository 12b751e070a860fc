import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "docket-deploy-key-"))
})
afterAll(() => rm(folder, { recursive: true }))

async function storeKey(name: string, variables: Record<string, string>) {
  const environment = join(folder, `${name}.toml`)
  await Bun.write(
    environment,
    `kind = "swarm"
stack = "docket"
engine = "ssh://deploy@docket.example.org"
image = "ghcr.io/owner/docket"
domains = ["docket.example.org"]
acme_email = "operator@example.org"
`,
  )
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "deploy-key.ts"), environment], {
    env: { PATH: process.env.PATH, HOME: folder, ...variables },
    stdout: "pipe",
    stderr: "pipe",
  })
  return { stderr: await new Response(child.stderr).text(), code: await child.exited }
}

test("stores the key for its owner alone, with the line break that ssh wants, and the host's keys", async () => {
  const { code } = await storeKey("staging", {
    DEPLOY_KEY: "the key",
    KNOWN_HOSTS: "docket.example.org ssh-ed25519 AAAA",
  })
  expect(code).toBe(0)
  const key = join(folder, ".ssh/docket-staging")
  expect(await Bun.file(key).text()).toBe("the key\n")
  expect((await stat(key)).mode & 0o777).toBe(0o600)
  expect(await Bun.file(join(folder, "staging.known_hosts")).text()).toContain("ssh-ed25519")
})

test("leaves a key alone that is there", async () => {
  const again = await storeKey("staging", { DEPLOY_KEY: "another", KNOWN_HOSTS: "another" })
  expect(again.code).toBe(0)
  expect(await Bun.file(join(folder, ".ssh/docket-staging")).text()).toBe("the key\n")
})

test("refuses to go on without host keys: nothing is trusted on first use", async () => {
  const { code, stderr } = await storeKey("production", { DEPLOY_KEY: "the key" })
  expect(code).toBe(3)
  expect(stderr).toContain("KNOWN_HOSTS is empty")
})
