import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { image, prefix } from "./names.ts"
import { healthy, request } from "./server.ts"

/** The Compose file, run as the docs say, under a project name and a port of its own. */
export async function checkCompose(postgresImage: string) {
  const folder = await mkdtemp(join(tmpdir(), "docket-test-image-"))
  const file = join(folder, "compose.yml")
  const compose = (...args: string[]) =>
    docker("compose", "--project-name", `${prefix}-compose`, "--file", file, ...args)
  try {
    await Bun.write(file, Bun.file(join(import.meta.dir, "../compose.yml")))
    const settings = {
      POSTGRES_PASSWORD: crypto.randomUUID(),
      JWT_SECRET_KEY: crypto.randomUUID() + crypto.randomUUID(),
      DOCKET_IMAGE: image,
      POSTGRES_IMAGE: postgresImage,
      DOCKET_PORT: "0",
    }
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
    await Bun.write(join(folder, ".env"), lines.join(""))
    await check("runs by the Compose file, and keeps what it holds", async () => {
      await compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", "120")
      const server = {
        name: `${prefix}-compose-docket-1`,
        origin: `http://${await compose("port", "docket", "8000")}`,
      }
      await healthy(server)
      const person = { email: "grace@example.org", password: "a long enough password" }
      const made = await request(server, "POST", "/api/accounts", { ...person, name: "Grace" })
      expect(made.status === 201, `register: ${JSON.stringify(made)}`)
      await compose("down")
      await compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", "120")
      const again = { ...server, origin: `http://${await compose("port", "docket", "8000")}` }
      const session = await request(again, "POST", "/api/sessions", person)
      expect(session.status === 201, `sign-in: ${JSON.stringify(session)}`)
    })
  } finally {
    await compose("down", "--volumes").catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
}
