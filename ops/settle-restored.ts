/**
 * `bun settle-restored ID TAKEN_AT`, in a job of the server's image (ops/point-in-time/beside.ts): makes the database at
 * RESTORED_HOST, which was restored to a moment, safe to serve from; reads every row of it; and has this release work on
 * it. Who was erased since that moment is known to the database that it replaces, at REPLACED_HOST.
 *
 * `bun settle-restored --go-live`: lets the database of DATABASE_URL send mail and run jobs.
 */
import { ConfigError, readConfig } from "../server/config.ts"
import { connect } from "../server/database/connect.ts"
import { smokeRestored } from "./backup/drill-server.ts"
import type { Erasures } from "./backup/erasures.ts"
import { goLive, makeQuiet } from "./backup/make-quiet.ts"
import { takeManifest } from "./backup/manifest.ts"
import type { Settled } from "./point-in-time/settled.ts"
import { Refusal } from "./refusal.ts"

try {
  const [id, takenAt] = process.argv.slice(2)
  const { databaseUrl } = readConfig()
  console.log(
    JSON.stringify(
      id === "--go-live"
        ? { released: await release(databaseUrl) }
        : { settled: await settle(databaseUrl, id!, takenAt!) },
    ),
  )
  process.exit(0)
} catch (error) {
  if (!(error instanceof Refusal || error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exit(1)
}

async function settle(url: string, id: string, takenAt: string): Promise<Settled> {
  const restored = withHost(url, process.env.RESTORED_HOST!)
  const quieted = await makeQuiet(
    restored,
    { id, takenAt },
    await erasuresSince(withHost(url, process.env.REPLACED_HOST!)),
  )
  const { tables } = await readAll(restored)
  const checks = await smokeRestored(restored)
  return { quieted, tables: tables.length, rows: tables.reduce((sum, { rows }) => sum + rows, 0), checks }
}

function withHost(url: string, host: string): string {
  return Object.assign(new URL(url), { hostname: host }).href
}

async function readAll(url: string) {
  const sql = connect(url, { max: 1, statementTimeout: 0 })
  try {
    return (await sql.begin("isolation level repeatable read read only", (sql) =>
      takeManifest({ sql: sql as never }, "reading"),
    )) as Awaited<ReturnType<typeof takeManifest>>
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Nobody who was erased may come back. At the end of the log nobody was erased since, so it may be away then. */
async function erasuresSince(url: string): Promise<Erasures> {
  const sql = connect(url, { max: 1, statementTimeout: 60_000 })
  try {
    const [{ exists }] = await sql<[{ exists: boolean }]>`
      select to_regclass('public.erasures') is not null as exists`
    if (!exists) return []
    const erasures = await sql<{ accountId: string; erasedAt: string }[]>`
      select account_id as "accountId", to_char(erased_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "erasedAt"
      from public.erasures order by erased_at, account_id`
    return [...erasures]
  } catch (error) {
    if (process.env.REPLACED_MAY_BE_AWAY === "yes") return []
    throw new Refusal(
      3,
      `Who was erased since that moment only the database that runs knows, and it does not answer (${(error as Error).message}). Restore --to latest first, then to the moment.`,
    )
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function release(url: string): Promise<string | null> {
  const sql = connect(url, { max: 1, statementTimeout: 10_000 })
  try {
    return await goLive(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
