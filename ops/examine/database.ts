import type { Config } from "../../server/config.ts"
import { connect, type Pool } from "../../server/database/connect.ts"
import { readMigrations } from "../../server/database/migrations.ts"
import * as release from "../../server/release.ts"

/** What the server's own role finds in the database that its URL leads to. */
export type DatabaseFacts =
  | { reached: false; reason: string }
  | {
      reached: true
      /** Milliseconds of one statement on an open connection. */
      latency: number
      /** 180001 is 18.1. */
      version: number
      /** Milliseconds by which its clock is ahead of this process's. */
      clockAhead: number
      /** Whether a pooler stands between: what answers is not the process that greeted. */
      pooler: boolean
      /** Whether a notification arrives by the URL that jobs listen on. */
      notifications: boolean
      readOnly: boolean
      role: RoleFacts
      /** Null in a database that was never migrated. */
      migrations: { applied: number; shipped: number; pending: string[]; mostDemanding: number } | null
      sizeBytes: number
      connections: { used: number; most: number }
    }

export type RoleFacts = {
  name: string
  superuser: boolean
  /** What it may do besides reading and writing rows, each as PostgreSQL calls it. */
  more: string[]
  /** Tables that it cannot read and write, of those that it must. */
  lacking: string[]
}

const PATIENCE_MILLISECONDS = 10_000

/** Opens connections of its own and changes nothing. Resolves whatever the database does, within half a minute. */
export async function databaseFacts(config: Config): Promise<DatabaseFacts> {
  const sql = connect(config.databaseUrl, { max: 1, statementTimeout: PATIENCE_MILLISECONDS })
  try {
    return await facts(sql, config)
  } catch (error) {
    return { reached: false, reason: reasonOf(error) }
  } finally {
    await sql.end({ timeout: 2 })
  }
}

async function facts(sql: Pool, config: Config): Promise<DatabaseFacts> {
  const greeted = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`
  const started = performance.now()
  const [server] = await sql<
    [
      {
        version: number
        milliseconds: number
        readOnly: boolean
        sizeBytes: number
        used: number
        most: number
      },
    ]
  >`
    select current_setting('server_version_num')::int as version, extract(epoch from clock_timestamp())::float8 * 1000 as milliseconds,
      pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as read_only,
      pg_database_size(current_database())::float8 as size_bytes,
      (select sum(numbackends)::int from pg_stat_database) as used,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most`
  const latency = performance.now() - started
  const { version, milliseconds, readOnly, sizeBytes, used, most } = server
  return {
    reached: true,
    latency: Math.round(latency * 10) / 10,
    version,
    clockAhead: Math.round(milliseconds - (Date.now() - latency / 2)),
    pooler: greeterOf(greeted) !== greeted[0].pid,
    notifications: await hearsNotifications(config),
    readOnly,
    role: await roleFacts(sql),
    migrations: await migrationFacts(sql),
    sizeBytes,
    connections: { used, most },
  }
}

/** The process that greeted this connection (protocol: BackendKeyData); a pooler makes one up. */
const greeterOf = (rows: unknown) => (rows as { state?: { pid?: number } }).state?.pid

/** Listens as the server does, past a pooler where there is a way, and tells itself something. */
async function hearsNotifications({ databaseUrl, databaseDirectUrl }: Config): Promise<boolean> {
  const sql = connect(databaseDirectUrl ?? databaseUrl, { max: 1, statementTimeout: PATIENCE_MILLISECONDS })
  const channel = `docket_examine_${crypto.randomUUID().replaceAll("-", "")}`
  const heard = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => heard.resolve(false), 3_000)
  try {
    await sql.listen(channel, () => heard.resolve(true))
    await sql.notify(channel, "")
    return await heard.promise
  } catch {
    return false
  } finally {
    clearTimeout(timer)
    await sql.end({ timeout: 2 })
  }
}

async function roleFacts(sql: Pool): Promise<RoleFacts> {
  const [role] = await sql<[{ name: string; superuser: boolean; more: string[]; lacking: string[] }]>`
    with mine as (
      select pg_class.oid, relname, relnamespace, relowner from pg_class
      join pg_namespace on pg_namespace.oid = relnamespace
      where nspname = 'public' and relkind in ('r', 'p')
    )
    select rolname as name, rolsuper as superuser,
      array_remove(array[
        case when rolcreaterole then 'CREATEROLE' end,
        case when rolcreatedb then 'CREATEDB' end,
        case when rolbypassrls then 'BYPASSRLS' end,
        case when rolreplication then 'REPLICATION' end,
        case when has_database_privilege(current_database(), 'CREATE') then 'CREATE on the database' end,
        case when has_schema_privilege('public', 'CREATE') then 'CREATE on schema public' end,
        case when exists (select from mine where pg_has_role(relowner, 'USAGE')) then 'ownership of tables' end,
        case when exists (select from mine where has_table_privilege(oid, 'TRUNCATE')) then 'TRUNCATE' end
      ], null) as more,
      array(
        select relname::text from mine
        where relname <> 'migrations' and not (
          has_table_privilege(oid, 'SELECT') and has_table_privilege(oid, 'INSERT')
          and has_table_privilege(oid, 'UPDATE') and has_table_privilege(oid, 'DELETE'))
        order by relname
      ) as lacking
    from pg_roles where rolname = current_user`
  return role
}

async function migrationFacts(sql: Pool) {
  const shipped = await readMigrations(release.migrations)
  const [table] = await sql<[{ there: boolean }]>`select to_regclass('migrations') is not null as there`
  if (!table.there) return null
  const [{ applied, mostDemanding }] = await sql<[{ applied: number; mostDemanding: number }]>`
    select coalesce(max(number), 0) as applied, coalesce(max(serves), 0) as most_demanding from migrations`
  return {
    applied,
    shipped: shipped.length,
    pending: shipped.slice(applied).map(({ name }) => name),
    mostDemanding,
  }
}

/** PostgreSQL's sentence and the driver's code; neither holds the URL's password. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  return code ? `${message} (${code})` : message
}
