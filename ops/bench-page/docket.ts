import { Passwords } from "../../server/accounts/passwords.ts"
import { connect } from "../../server/database/connect.ts"
import { startEmbedded } from "../../server/database/embedded.ts"
import { migrate } from "../../server/database/migrate.ts"
import { freePort } from "../../server/free-port.ts"
import { seed } from "../../server/testing/seed.ts"
import { startServer } from "../bench/processes.ts"

const root = `${import.meta.dir}/../..`

export type Docket = {
  origin: string
  credentials: { email: string; password: string }
  /** How many there are at first. */
  todos: number
  /** With as many a device has all of them: measuring completes some. */
  least: number
  stop: () => Promise<void>
}

/**
 * The production build, on PostgreSQL as it is in production, with one person whose Inbox holds `todos`, all of them open.
 * The database is made anew.
 */
export async function startDocket(todos: number): Promise<Docket> {
  const cluster = await startEmbedded("bench-page")
  const admin = connect(cluster.url("postgres"), { max: 1, statementTimeout: 0 })
  await admin`drop database if exists bench_page with (force)`
  await admin`create database bench_page`
  await admin.end()
  const url = cluster.url("bench_page")
  const password = "correct horse battery staple"
  const sql = connect(url, { max: 1, statementTimeout: 0 })
  await migrate(sql, `${root}/migrations`)
  const passwordHash = await new Passwords().hash(password)
  await seed(sql, { accounts: 1, lists: 1, todos, prefix: "person", passwordHash })
  await sql`update todos set completed_at = null, trashed_at = null`
  await sql`vacuum analyze`
  await sql.end()
  const port = await freePort()
  const server = await startServer("dist/server/main.js", {
    path: "/health/live",
    port,
    environment: {
      DATABASE_URL: url,
      JWT_SECRET_KEY: "only for measuring, and long enough for that",
      FRONTEND_URL: `http://127.0.0.1:${port}`,
      // Each device has an address of its own, as through a proxy: no switch turns limits off.
      TRUSTED_PROXIES: "127.0.0.1",
      LOG_LEVEL: "warn",
    },
  })
  return {
    origin: server.origin,
    todos,
    least: todos * 0.99,
    credentials: { email: "person0@example.org", password },
    async stop() {
      await server.stop()
      await cluster.stop()
    },
  }
}
