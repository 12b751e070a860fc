import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { readErasures } from "./erasures.ts"
import { makeQuiet, type Quieted } from "./make-quiet.ts"
import { type Restored, type RestoreWanted, restoreInto } from "./restore.ts"
import { type Session, withSession } from "./snapshot.ts"

/** Comments on a database that a restore made: whether it can be trusted. */
const UNFINISHED = "docket: a restore that has not ended"
const PROVEN = "docket: restored and proven equal"

export type Beside = {
  /** The database that was made. */
  name: string
  url: string
} & ({ restored: Restored; quieted: Quieted } | { alreadyProven: true })

/** The name of the database that the backup `id` is restored into, beside that of `url`. */
export const nameBeside = (url: string, id: string) => `${databaseOf(url).slice(0, 39)}_${partOf(id)}`

/** Of an id, as part of a database's name, of which PostgreSQL keeps 63 bytes. */
export const partOf = (id: string) => id.toLowerCase().replace("-", "_")

/** Restores into a new database `name` beside the one that `url` names, proves it and makes it quiet. */
export const restoreBeside = (
  url: string,
  name: string,
  wanted: RestoreWanted,
  signal: AbortSignal,
): Promise<Beside> =>
  makeBeside(url, name, async (target) => {
    const restored = await restoreInto(target, wanted, signal)
    return { restored, quieted: await makeQuiet(target, wanted.backup, await readErasures(wanted.storage)) }
  })

/**
 * Makes a new database `name` on the server of `url`, and has `fill` fill and prove it. What fails is dropped again; what was
 * killed before its end is recognised and begun anew; what is there, proven, is kept.
 */
export async function makeBeside<T extends object>(
  url: string,
  name: string,
  fill: (target: string) => Promise<T>,
): Promise<{ name: string; url: string } & (T | { alreadyProven: true })> {
  const target = withDatabase(url, name)
  return withServer<{ name: string; url: string } & (T | { alreadyProven: true })>(url, async (sql) => {
    const left = await commentOn(sql, name)
    if (left === PROVEN) return { name, url: target, alreadyProven: true }
    if (left !== undefined && left !== UNFINISHED)
      throw new Refusal(3, `There is a database ${name}, which no restore made: nothing is written over it.`)
    if (left === UNFINISHED) {
      say(`dropping what a restore that did not end left in ${name}`)
      await drop(sql, name)
    }
    await sql`create database ${sql(name)} template template0`.catch((error) => {
      throw new Refusal(3, `The database ${name} can't be made beside: ${error.message}.`)
    })
    await comment(sql, name, UNFINISHED)
    try {
      const filled = await fill(target)
      await comment(sql, name, PROVEN)
      return { name, url: target, ...filled }
    } catch (error) {
      // A server that has gone can't be tidied: the next restore recognises what is left.
      await drop(sql, name).catch(() => say(`${name} could not be dropped; the next restore will`))
      throw error
    }
  }).catch((error) => {
    if (error instanceof Refusal) throw error
    throw new Refusal(
      1,
      `The database server failed while ${name} was restored: ${(error as Error).message}.`,
    )
  })
}

/**
 * Gives the restored database `name` the name of the one that `url` leads to, which is kept under another, unless there is
 * nothing in it. Sessions of that one are ended; the server opens them again, and finds the restored one. Returns the kept
 * one's name, if there was one.
 */
export async function switchTo(url: string, name: string, now = new Date()): Promise<string | null> {
  const current = databaseOf(url)
  return withServer(url, async (sql) => {
    if ((await commentOn(sql, name)) !== PROVEN)
      throw new Refusal(3, `${name} is no database that was restored and proven.`)
    const exists = (await commentOn(sql, current)) !== undefined
    const empty = exists && (await withSession(url, "docket restore", isEmpty))
    const stamp = now
      .toISOString()
      .replace(/\.\d+Z$/, "z")
      .replace(/[-:]/g, "")
      .toLowerCase()
    const kept = `${current.slice(0, 39)}_before_${stamp}`
    for (let tries = 1; ; tries += 1) {
      try {
        await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname in ${sql([current, name])} and pid <> pg_backend_pid()`
        if (empty) await sql`drop database if exists ${sql(current)}`
        await sql.begin(async (sql) => {
          if (exists && !empty) await sql`alter database ${sql(current)} rename to ${sql(kept)}`
          await sql`alter database ${sql(name)} rename to ${sql(current)}`
        })
        return exists && !empty ? kept : null
      } catch (error) {
        // Somebody has connected meanwhile.
        if ((error as { code?: string }).code === "55006" && tries < 50) await Bun.sleep(100)
        else
          throw new Refusal(
            1,
            `The databases could not be switched: ${(error as Error).message}. ${name} is kept.`,
          )
      }
    }
  })
}

async function isEmpty(sql: Session): Promise<boolean> {
  const [{ count }] = await sql<[{ count: number }]>`
    select count(*)::int as count from pg_class join pg_namespace n on n.oid = relnamespace
    where nspname !~ '^pg_' and nspname <> 'information_schema'`
  return count === 0
}

/** Drops a database that a restore made, and no other. */
export async function dropRestored(url: string, name: string): Promise<void> {
  await withServer(url, async (sql) => {
    const made = await commentOn(sql, name)
    if (made === UNFINISHED || made === PROVEN) await drop(sql, name)
  })
}

/** A session that is in neither of the databases. */
async function withServer<T>(url: string, work: (sql: Session) => Promise<T>): Promise<T> {
  return withSession(withDatabase(url, "postgres"), "docket restore", work)
}

/** Undefined where there is no such database; empty where nobody has said anything about it. */
async function commentOn(sql: Session, name: string): Promise<string | undefined> {
  const [found] = await sql<{ comment: string | null }[]>`
    select shobj_description(oid, 'pg_database') as comment from pg_database where datname = ${name}`
  return found && (found.comment ?? "")
}

const comment = (sql: Session, name: string, text: string) =>
  sql.unsafe(`comment on database "${name}" is '${text}'`)

const drop = (sql: Session, name: string) => sql`drop database if exists ${sql(name)} with (force)`

export const databaseOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1))
export const withDatabase = (url: string, name: string) =>
  Object.assign(new URL(url), { pathname: `/${encodeURIComponent(name)}` }).href
