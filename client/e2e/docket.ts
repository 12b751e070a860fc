import { afterAll } from "bun:test"
import { existsSync } from "node:fs"
import type { Pool } from "../../server/database/connect.ts"
import { freePort } from "../../server/free-port.ts"
import { testDatabase } from "../../server/testing/database.ts"
import { ROOT } from "../../server/testing/repository.ts"
import { type Smtp, startSmtp } from "../../server/testing/smtp.ts"

/** A server of the production build, with a database and a mail server of its own. */
export type Docket = {
  url: string
  sql: Pool
  /** Where its letters arrive; null on an instance without mail. */
  smtp: Smtp | null
  /** Ends the server in the middle of whatever it does. */
  crash: () => Promise<void>
  /** Starts it again where it was; or another release, that was built in `root`. */
  start: (root?: string) => Promise<void>
}

type Options = { mail?: boolean; environment?: Record<string, string> }

/** Starts one for a test file; it is stopped when the file is done. */
export async function startDocket({ mail = true, environment = {} }: Options = {}): Promise<Docket> {
  if (!existsSync(bundleOf(ROOT))) throw new Error("There is no build: run `bun run build`.")
  const smtp = mail ? await startSmtp() : null
  let server: Bun.Subprocess | undefined
  // Before the database's own, which takes it away.
  afterAll(async () => {
    server?.kill("SIGTERM")
    await server?.exited
    await smtp?.stop()
  })
  const { sql, url: database } = await testDatabase()
  const port = await freePort()
  const url = `http://localhost:${port}`
  const start = async (root = ROOT) => {
    server = Bun.spawn([process.execPath, "--no-env-file", bundleOf(root)], {
      env: {
        PATH: process.env.PATH,
        ENVIRONMENT: "test",
        DATABASE_URL: database,
        JWT_SECRET_KEY: "a key for tests that is long enough to be one",
        FRONTEND_URL: url,
        PORT: `${port}`,
        LOG_LEVEL: "warn",
        // Each person of a test has an address of their own, as behind a proxy; limits count by address.
        TRUSTED_PROXIES: "127.0.0.1,::1",
        ...smtp?.environment,
        ...environment,
      },
      stdout: "inherit",
      stderr: "inherit",
    })
    await answers(`${url}/health/live`, server)
  }
  await start()
  return {
    url,
    sql,
    smtp,
    start,
    async crash() {
      server?.kill("SIGKILL")
      await server?.exited
    },
  }
}

const bundleOf = (root: string) => `${root}/dist/server/main.js`

async function answers(url: string, server: Bun.Subprocess) {
  for (let tries = 0; tries < 200; tries++) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}.`)
    const response = await fetch(url).catch(() => null)
    if (response?.ok) return
    await Bun.sleep(100)
  }
  throw new Error("The server did not answer within 20 s.")
}
