import { join } from "node:path"
import { generateX25519Identity } from "age-encryption"
import { connect } from "../../server/database/connect.ts"
import { decryptStream, decryptText, encryptStream, encryptText } from "../backup/encryption.ts"
import { nameBeside } from "../backup/restore-beside.ts"
import type { Storage } from "../backup/storage.ts"
import { type Backup, keysOf, listBackups } from "../backup/stored-backups.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { startPostgres } from "../testing/postgres.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { storageUrl } from "../testing/storage.ts"
import { until } from "../testing/until.ts"
import { storageOfOwner } from "./bucket.ts"
import { checkMajors } from "./majors.ts"
import { begin, type Logical, ops, storageVariables } from "./operator.ts"
import type { Site } from "./site.ts"

/** Every fault is made, caught, and named; and nothing half of a backup or of a database is left. */
export async function checkFaults(given: Logical) {
  await checkStored(given)
  await checkMajors(given)
  await checkRights(given)
  await checkInterrupted(given)
  await checkRetention(given)
  await checkClock(given)
}

/** What may happen to a stored backup. Each is made of a copy, and the restore of it has to be refused. */
async function checkStored(given: Logical) {
  const { site, verifier, backup } = given
  const storage = storageOfOwner(site)
  const restoreSpoilt = async (spoil: (copy: Backup) => Promise<unknown>, reason: RegExp) => {
    const copy = await copyOf(storage, backup)
    await spoil(copy)
    const told = refused(await ops(verifier, ["restore", copy.id]), 3, reason)
    await nothingIsLeft(given, copy.id)
    for (const key of Object.values(keysOf(copy.id))) await storage.delete(key)
    return told
  }
  const flip = async (key: string, position: (size: number) => number) => {
    const content = await storage.read(key)
    content![position(content!.length)]! ^= 1
    await storage.put(key, content!)
  }
  await check("wrong key", async () => {
    const other = { ...verifier, BACKUP_IDENTITY: await generateX25519Identity() }
    return refused(await ops(other, ["restore", backup.id]), 3, /^Wrong key: /)
  })
  await check("truncated object", () =>
    restoreSpoilt(async ({ id }) => {
      const content = await storage.read(keysOf(id).dump)
      await storage.put(keysOf(id).dump, content!.subarray(0, content!.length - 1000))
    }, /is cut short: 1.0 kB of .* are missing/),
  )
  await check("flipped bit, at the beginning, in the middle and at the end", async () => {
    for (const position of [() => 200, (size: number) => size >> 1, (size: number) => size - 1])
      await restoreSpoilt(({ id }) => flip(keysOf(id).dump, position), /dump\.age is damaged/)
    return restoreSpoilt(
      ({ id }) => flip(keysOf(id).manifest, (size) => size - 1),
      /manifest\.age is damaged/,
    )
  })
  await check("a dump that somebody exchanged for another, which opens", () =>
    restoreSpoilt(async (copy) => {
      const identities = [site.key.identity]
      const cipher = storage.stream(keysOf(copy.id).dump, copy.dump.size)
      const plain = await decryptStream(cipher, identities, "the copy")
      await storage.upload(keysOf(copy.id).dump, await encryptStream(plain, [site.key.recipient]))
    }, /changed or replaced/),
  )
  await check("missing part", async () => {
    await restoreSpoilt(
      ({ id }) => storage.delete(keysOf(id).manifest),
      /part of .* is missing: .*manifest\.age/,
    )
    return restoreSpoilt(({ id }) => storage.delete(keysOf(id).dump), /part of .* is missing: .*dump\.age/)
  })
  await check("a backup that says it is of another major version", () =>
    restoreSpoilt(async (copy) => {
      const { manifest, backup } = keysOf(copy.id)
      const text = await decryptText((await storage.read(manifest))!, [site.key.identity], manifest)
      const value = JSON.parse(text)
      value.postgres.major = 17
      const sealed = await encryptText(JSON.stringify(value), [site.key.recipient])
      const sha256 = new Bun.CryptoHasher("sha256").update(sealed).digest("hex")
      await storage.put(manifest, sealed)
      await storage.put(backup, JSON.stringify({ ...copy, manifest: { size: sealed.length, sha256 } }))
    }, /of PostgreSQL 17, and this server is PostgreSQL 18/),
  )
  await check("a backup.json that is damaged makes no backup, and is told of", async () => {
    const copy = await copyOf(storage, backup)
    await storage.put(keysOf(copy.id).backup, "{")
    const listed = await ops(verifier, ["backups"])
    succeeded(listed)
    const [damaged] = listed.said.damaged as { id: string; why: string }[]
    expect(damaged?.id === copy.id, JSON.stringify(listed.said))
    for (const key of Object.values(keysOf(copy.id))) await storage.delete(key)
    return damaged.why
  })
  await check("full disk where it is restored", async () => {
    // The write-ahead log elsewhere: a server that can't write it ends, and says nothing any more.
    const log = ["--env", "POSTGRES_INITDB_ARGS=--waldir=/tmp/wal"]
    const small = await startPostgres(
      `${site.prefix}-small`,
      { image: site.images.postgres, address: site.address },
      ...["--tmpfs", "/var/lib/postgresql:size=80m", ...log],
    )
    const done = await ops({ ...verifier, RESTORE_DATABASE_URL: small }, ["restore"])
    return refused(done, 1, /^The database.s disk is full/)
  })
}

async function checkRights({ site, writer, verifier }: Logical) {
  await check("the writer may not list, read or delete: it can't even see its own backups", async () => {
    const told = refused(await ops(writer, ["backups"]), 3, /has no right for listing backups\//)
    const { writer: identity } = site.identities
    const reading = { ...verifier, ...storageVariables(site, identity) }
    refused(await ops(reading, ["restore"]), 3, /has no right for/)
    return told
  })
  await check("a verifier that may not delete is named, after the proof was stored", async () => {
    const old = await agedCopy(
      storageOfOwner(site),
      (await listBackups(storageOfOwner(site))).backups[0]!,
      40,
    )
    const reading = { ...verifier, ...storageVariables(site, site.identities.reader) }
    const told = refused(await ops(reading, ["drill"]), 3, /has no right for deleting/)
    const listed = await ops(verifier, ["backups"])
    const backups = listed.said.backups as { id: string; provenAt: string | null }[]
    expect(
      backups.some(({ id }) => id === old.id),
      "it was removed all the same",
    )
    expect(backups[0]!.provenAt !== null, "the proof is not there")
    return told
  })
  await check("a storage that does not know the identity", async () => {
    const wrong = { ...writer, BACKUP_S3_SECRET_ACCESS_KEY: "another" }
    return refused(await ops(wrong, ["backup"]), 2, /does not know this identity/)
  })
}

async function checkInterrupted(given: Logical) {
  const { site, writer, verifier } = given
  const count = async () => ((await ops(verifier, ["backups"])).said.backups as Backup[]).length
  await check("two backups at once: the second is refused, the first goes on", async () => {
    const first = begin(writer, ["backup"])
    await first.telling(/reading docket/)
    const told = refused(await ops(writer, ["backup"]), 3, /Another backup of this database is at work/)
    succeeded(await first.done)
    return told
  })
  await check("a backup that is killed in the middle is no backup, and hinders none", async () => {
    const before = await count()
    const killed = begin(writer, ["backup"])
    await killed.telling(/dumping, encrypting and sending/)
    killed.kill("SIGKILL")
    await killed.done
    const ended = performance.now()
    await until("pg_dump has ended too", () => nobodyDumps(site), 10)
    const seconds = (performance.now() - ended) / 1000
    expect((await count()) === before, "half a backup is listed")
    succeeded(await ops(writer, ["backup"]))
    return `pg_dump ends ${seconds.toFixed(1)} s after it`
  })
  await check("Ctrl-C ends it, and it is no backup", async () => {
    const before = await count()
    const stopped = begin(writer, ["backup"])
    await stopped.telling(/dumping, encrypting and sending/)
    stopped.kill("SIGINT")
    refused(await stopped.done, 130, /Interrupted/)
    expect((await count()) === before, "half a backup is listed")
  })
  await check("a restore that is killed in the middle is begun anew by the next", async () => {
    const killed = begin(verifier, ["restore"])
    await killed.telling(/fetching, decrypting and restoring/)
    killed.kill("SIGKILL")
    await killed.done
    const next = await ops(verifier, ["restore"])
    succeeded(next)
    expect(/dropping what a restore that did not end left/.test(next.told), next.told)
  })
  await check("a database that is there already is not written over", async () => {
    const sql = connect(site.elsewhere, { max: 1, statementTimeout: 10_000 })
    const newest = (await listBackups(storageOfOwner(site))).backups.at(-1)!
    const name = nameBeside(site.elsewhere, newest.id)
    await sql.unsafe(`comment on database ${name} is null`)
    const told = refused(await ops(verifier, ["restore"]), 3, /which no restore made/)
    await sql.unsafe(`drop database ${name} with (force)`)
    await sql.end()
    return told
  })
  await check(
    "storage that is down half way fails the backup within its tries, and leaves none",
    async () => {
      const before = await count()
      const cut = begin(writer, ["backup"])
      await cut.telling(/dumping, encrypting and sending/)
      await docker("kill", site.storage.container)
      const told = refused(await cut.done, 1, /The storage failed writing/)
      await docker("start", site.storage.container)
      site.storage.url = await storageUrl(site.storage.container)
      for (const variables of [writer, verifier]) variables.BACKUP_S3_ENDPOINT = site.storage.url
      expect((await count()) === before, "half a backup is listed")
      return told
    },
  )
}

async function checkRetention({ site, verifier }: Logical) {
  const storage = storageOfOwner(site)
  await check("retention removes what is old, and never the newest proven backup", async () => {
    const { backups } = await listBackups(storage)
    const newest = backups.at(-1)!
    // As if only old ones had ever been proven, and everything since were not.
    for (const { key } of await storage.list("proofs/")) await storage.delete(key)
    const [older, old] = [await agedCopy(storage, newest, 50), await agedCopy(storage, newest, 45)]
    const done = await ops(verifier, ["drill", old.id])
    succeeded(done)
    const { remove, spared } = done.said.retention as { remove: string[]; spared: string | null }
    expect(spared === old.id, `spared is ${spared}`)
    expect(remove.includes(older.id) && !remove.includes(old.id), JSON.stringify(remove))
    const left = (await listBackups(storage)).backups.map(({ id }) => id)
    expect(left.includes(old.id) && !left.includes(older.id) && left.includes(newest.id), left.join())
    return `${remove.length} removed`
  })
}

async function checkClock({ writer, verifier }: Logical) {
  const preload = join(import.meta.dir, "shift-clock.ts")
  await check("a clock that is wrong is named, before anything is made or removed", async () => {
    const ahead = { CLOCK_SHIFT_DAYS: "40" }
    refused(await ops({ ...verifier, ...ahead }, ["drill"], preload), 3, /A clock is wrong/)
    return refused(await ops({ ...writer, ...ahead }, ["backup"], preload), 3, /A clock is wrong/)
  })
}

/** Neither this machine's pg_dump nor one in a container holds a session of the source. */
async function nobodyDumps({ sourceOwner }: Site): Promise<boolean> {
  const sql = connect(sourceOwner, { max: 1, statementTimeout: 10_000 })
  const [{ sessions }] = await sql<[{ sessions: number }]>`
    select count(*)::int as sessions from pg_stat_activity where application_name in ('docket backup', 'pg_dump')`
  await sql.end()
  return sessions === 0
}

async function nothingIsLeft({ site }: Logical, id: string) {
  const sql = connect(site.elsewhere, { max: 1, statementTimeout: 10_000 })
  const [left] = await sql`select 1 from pg_database where datname = ${nameBeside(site.elsewhere, id)}`
  await sql.end()
  expect(left === undefined, "half a database is left")
}

/** The same backup under another id, with objects of its own. */
async function copyOf(storage: Storage, backup: Backup, takenAt = backup.takenAt): Promise<Backup> {
  const id = `${takenAt.replace(/\.\d+Z$/, "Z").replace(/[-:]/g, "")}-${crypto.getRandomValues(new Uint8Array(3)).toHex()}`
  const copy = { ...backup, id, takenAt }
  const [from, to] = [keysOf(backup.id), keysOf(id)]
  await storage.put(to.dump, (await storage.read(from.dump))!)
  await storage.put(to.manifest, (await storage.read(from.manifest))!)
  await storage.put(to.backup, JSON.stringify(copy))
  return copy
}

const agedCopy = (storage: Storage, backup: Backup, days: number) =>
  copyOf(storage, backup, new Date(Date.now() - days * 86_400_000).toISOString())
