import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { type Compared, compareManifests } from "./compare-manifests.ts"
import { loadDump } from "./load-dump.ts"
import { type Manifest, takeManifest } from "./manifest.ts"
import { duration } from "./pace.ts"
import { placeOf, type Session, withSession } from "./snapshot.ts"
import type { Storage } from "./storage.ts"
import { type Backup, readManifest } from "./stored-backups.ts"

export type Restored = {
  manifest: Manifest
  proof: Compared["proof"]
  /** `load` is until the last index is built, `compare` what the proof took. */
  seconds: { load: number; compare: number }
}

export type RestoreWanted = {
  storage: Storage
  backup: Backup
  identities: string[]
  /** Whether owners and rights are restored and compared: not where the roles can't be made. */
  grants: boolean
}

/** Fills the empty database at `url` from `backup`, and proves that it holds what the backup says. */
export async function restoreInto(
  url: string,
  { storage, backup, identities, grants }: RestoreWanted,
  signal: AbortSignal,
): Promise<Restored> {
  const manifest = await readManifest(storage, backup, identities)
  return loadAndProve(url, { manifest, what: backup.id, grants }, () =>
    loadDump(storage, backup, { url, manifest, identities, grants, signal }),
  )
}

/**
 * Has `load` fill the empty database at `url`, and proves that it holds what `manifest` says of `what`. Throws a `Refusal`
 * otherwise; what is in the database then is good for nothing.
 */
export async function loadAndProve(
  url: string,
  { manifest, what, grants }: { manifest: Manifest; what: string; grants: boolean },
  load: () => Promise<void>,
): Promise<Restored> {
  const began = performance.now()
  await withSession(url, "docket restore", async (sql) => {
    await requireMajor(sql, manifest)
    await requireEmpty(sql, url)
    if (grants) await makeRoles(sql, manifest)
  })
  await load()
  return withSession(url, "docket restore", async (sql) => {
    if (grants) await grantDatabase(sql, manifest)
    await sql`analyze`
    const loaded = performance.now()
    say(`comparing with ${what}, after ${duration((loaded - began) / 1000)}`)
    const restored = (await sql.begin("isolation level repeatable read read only", (sql) =>
      takeManifest({ sql }, "comparing"),
    )) as Manifest
    const { differences, proof } = compareManifests(manifest, restored, { grants })
    if (differences.length > 0)
      throw new Refusal(
        1,
        `What was restored is not what ${what} says:\n${differences.map((line) => `  ${line}`).join("\n")}`,
        { differences },
      )
    const seconds = { load: tenths(loaded - began), compare: tenths(performance.now() - loaded) }
    return { manifest, proof, seconds }
  })
}

const tenths = (milliseconds: number) => Math.round(milliseconds / 100) / 10

async function requireMajor(sql: Session, manifest: Manifest) {
  const [{ number }] = await sql<[{ number: string }]>`select current_setting('server_version_num') as number`
  const major = Math.floor(Number(number) / 10_000)
  if (major !== manifest.postgres.major)
    throw new Refusal(
      3,
      `The backup is of PostgreSQL ${manifest.postgres.major}, and this server is PostgreSQL ${major}: restore into the same major version, and upgrade then.`,
    )
}

async function requireEmpty(sql: Session, url: string) {
  const [{ tables }] = await sql<[{ tables: number }]>`
    select count(*)::int as tables from pg_class join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'S') and nspname !~ '^pg_' and nspname <> 'information_schema'`
  if (tables > 0)
    throw new Refusal(
      3,
      `${placeOf(url)} is not empty: it has ${tables} tables, and nothing is written over them.`,
    )
}

/** Without a password, and so without anyone who can sign in: those come with the secrets (ops/database/roles.sh). */
async function makeRoles(sql: Session, { roles }: Manifest) {
  const present = await sql<
    { name: string }[]
  >`select rolname as name from pg_roles where rolname in ${sql(roles)}`
  const missing = roles.filter((role) => !present.some(({ name }) => name === role))
  for (const role of missing) {
    await sql`create role ${sql(role)} nologin`.catch((error) => {
      throw new Refusal(
        3,
        `The role ${role}, which has rights in the backup, is not here, and may not be made (${error.message}). Make it, or restore --without-grants.`,
      )
    })
    say(`made the role ${role}, which may not sign in yet`)
  }
}

/** Rights on the database itself are in no dump of what is in it. */
async function grantDatabase(sql: Session, { grants }: Manifest) {
  const [{ database }] = await sql<[{ database: string }]>`select current_database() as database`
  const given = grants.flatMap((line) => {
    const [, role, privilege, option] =
      /^on the database (.+) may (CONNECT|CREATE|TEMPORARY)( and grant it)?$/.exec(line) ?? []
    return role && privilege ? [{ role, privilege, option }] : []
  })
  const owner = given.find(({ role, privilege }) => privilege === "CREATE" && role !== "everyone")?.role
  await sql`revoke all on database ${sql(database)} from public`
  for (const { role, privilege, option } of given)
    await sql.unsafe(
      `grant ${privilege} on database ${quoted(database)} to ${role === "everyone" ? "public" : quoted(role)}${option ? " with grant option" : ""}`,
    )
  if (owner) await sql`alter database ${sql(database)} owner to ${sql(owner)}`
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
