import type { Pool, Sql } from "./connect.ts"
import { type Migration, MigrationFault, padded, readMigrations } from "./migrations.ts"

/** Any number that nothing else locks: "docket" in hexadecimal. */
const LOCK = 0x646f636b6574
const LOCK_WAIT_SECONDS = 300
/** A migration that waits for a busy table makes everyone behind it wait too: give way, and try again. */
const LOCK_TIMEOUT = "5s"
const LOCK_TRIES = 6
/** How soon PostgreSQL gives up what a process that is gone has asked for: it would work on, and hold its locks. */
const ABANDONED_AFTER = "2s"

/** What a database came to. */
export type Migrated = {
  /** Names of the files applied now, in order. */
  applied: string[]
  /** The number of the newest migration in the folder, which is this release's number. */
  shipped: number
  /** The oldest release, by such a number, that works on the database as it is now. */
  serves: number
}

/**
 * Applies every pending migration of `folder`, each in a transaction of its own, while no other process does.
 *
 * `sql` must have a single connection that keeps its session (not one through a transaction pooler). `onApplied` is called
 * after each with what the database has come to: if a later one fails, that is what stays.
 * Throws `MigrationFault` if an applied file was changed, if the database is too new for this release, or if a
 * migration fails; those before it stay applied, and nothing of the failed one is left.
 */
export async function migrate(
  sql: Pool,
  folder: string,
  onApplied: (migrated: Migrated) => void = () => {},
): Promise<Migrated> {
  const migrations = await readMigrations(folder)
  // PostgreSQL on Windows cannot watch a connection, and refuses the setting.
  await sql`select set_config('client_connection_check_interval', ${ABANDONED_AFTER}, false)`.catch(() => {})
  await lock(sql)
  try {
    await createTable(sql)
    const pending = await pendingMigrations(sql, migrations)
    const [row] = await sql<[{ serves: number | null }]>`select max(serves) as serves from migrations`
    let migrated: Migrated = { applied: [], shipped: migrations.length, serves: row.serves ?? 1 }
    for (const migration of pending) {
      await apply(sql, migration)
      migrated = {
        ...migrated,
        applied: [...migrated.applied, migration.name],
        serves: Math.max(migrated.serves, migration.serves),
      }
      onApplied(migrated)
    }
    return migrated
  } finally {
    await unlock(sql)
  }
}

/**
 * Throws `MigrationFault` unless this release can serve the database as it is: no migration of `folder` is pending,
 * and none was applied that demands a newer release. Changes nothing, and needs only to read.
 */
export async function requireMigrated(sql: Sql, folder: string): Promise<void> {
  const [found] = await sql<[{ exists: boolean }]>`select to_regclass('migrations') is not null as exists`
  const migrations = await readMigrations(folder)
  const pending = found.exists ? await pendingMigrations(sql, migrations) : migrations
  if (pending.length > 0)
    throw new MigrationFault(
      `The database lacks ${pending[0]!.name}${pending.length > 1 ? ` and ${pending.length - 1} more` : ""}, and MIGRATE_AT_START is false. Run "bun migrate" of this release first.`,
    )
}

/**
 * Asks again and again rather than waiting inside PostgreSQL: a waiting statement has a snapshot, and
 * `create index concurrently` in the process that holds the lock would wait for that snapshot, for ever.
 */
async function lock(sql: Sql) {
  for (let waited = 0; waited < LOCK_WAIT_SECONDS; waited += 0.2) {
    const [row] = await sql<[{ locked: boolean }]>`select pg_try_advisory_lock(${LOCK}) as locked`
    if (row.locked) return
    await Bun.sleep(200)
  }
  throw new MigrationFault(
    `Another process has been migrating this database for ${LOCK_WAIT_SECONDS / 60} minutes. Look what it is at, then start again.`,
  )
}

/** A connection that is gone has given its locks back. */
async function unlock(sql: Sql) {
  await sql`select pg_advisory_unlock(${LOCK})`.catch(() => {})
}

async function createTable(sql: Sql) {
  await sql`
    create table if not exists migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      serves integer not null,
      applied_at timestamptz not null default now()
    )`
}

type Applied = { number: number; name: string; checksum: string; serves: number }

/** What is still to be applied. Throws `MigrationFault` if the database and the folder do not go together. */
async function pendingMigrations(sql: Sql, migrations: Migration[]): Promise<Migration[]> {
  const applied = await sql<Applied[]>`select number, name, checksum, serves from migrations order by number`
  for (const [index, { number }] of applied.entries())
    if (number !== index + 1)
      throw new MigrationFault(`The database has migration ${padded(number)} but not ${padded(index + 1)}.`)
  const shipped = migrations.length
  const demanding = applied.findLast(({ serves }) => serves > shipped)
  if (demanding)
    throw new MigrationFault(
      `The database is too new for this release: ${demanding.name} was applied, which works with release ${demanding.serves} and later, and this is ${shipped}. Run a newer release.`,
    )
  for (const { number, name, checksum } of applied) {
    const file = migrations[number - 1]
    if (file && file.checksum !== checksum)
      throw new MigrationFault(
        `${file.name} is not what was applied as ${name}. Put the old text back, and write what is new as a new migration.`,
      )
  }
  return migrations.slice(applied.length)
}

async function apply(sql: Pool, migration: Migration) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return migration.transactional
        ? await applyInTransaction(sql, migration)
        : await applyAlone(sql, migration)
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === "55P03" && attempt < LOCK_TRIES) continue
      throw explained(error, migration)
    }
  }
}

async function applyInTransaction(sql: Pool, migration: Migration) {
  await sql.begin(async (transaction) => {
    await transaction`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`
    await transaction.unsafe(migration.text)
    await record(transaction, migration)
  })
}

/** A concurrent index that failed stays behind, invalid, and `if not exists` would take it for the real one. */
async function applyAlone(sql: Pool, migration: Migration) {
  for (const index of await invalidIndexes(sql, migration))
    await sql.unsafe(`drop index concurrently if exists ${index}`)
  await sql.unsafe(migration.text)
  await record(sql, migration)
}

/**
 * The invalid indexes that `migration` names, quoted where they must be. Others are not its business: an operator's
 * `reindex concurrently` has one while it runs.
 */
async function invalidIndexes(sql: Sql, { text }: Migration): Promise<string[]> {
  const invalid = await sql<{ name: string; index: string }[]>`
    select relname as name, indexrelid::regclass::text as index
    from pg_index join pg_class on pg_class.oid = indexrelid
    where not indisvalid`
  const words = text.split(/[^\w$]+/)
  return invalid.filter(({ name }) => words.includes(name)).map(({ index }) => index)
}

async function record(sql: Sql, { number, name, checksum, serves }: Migration) {
  await sql`
    insert into migrations (number, name, checksum, serves) values (${number}, ${name}, ${checksum}, ${serves})`
}

function explained(error: unknown, { name, text, transactional }: Migration): unknown {
  if (!(error instanceof Error) || error instanceof MigrationFault) return error
  const position = Number((error as { position?: string }).position)
  const line = position ? ` in line ${text.slice(0, position).split("\n").length}` : ""
  const kept = transactional ? "Nothing of it was kept." : "It may have been half done, and can be run again."
  return new MigrationFault(`${name} failed${line}: ${error.message}. ${kept}`, { cause: error })
}
