import { type Static, Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { Refusal } from "../refusal.ts"
import { decryptText } from "./encryption.ts"
import { type Manifest, parseManifest } from "./manifest.ts"
import type { Storage } from "./storage.ts"

const FOLDER = "backups"
/** Objects that are read at once. */
const AT_ONCE = 8

const object = Type.Object({
  size: Type.Integer({ minimum: 1 }),
  sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
})

/** `backup.json`: written last, so what has one is a backup, and readable without a key. It tells nothing of people. */
export const backupShape = Type.Object({
  format: Type.Integer(),
  id: Type.String(),
  /** The moment that it brings back, by the database's clock. */
  takenAt: Type.String(),
  finishedAt: Type.String(),
  release: Type.String(),
  /** The newest migration. */
  schema: Type.String(),
  migration: Type.Integer(),
  postgres: Type.Integer(),
  database: Type.Object({ name: Type.String(), bytes: Type.Number() }),
  rows: Type.Number(),
  dump: object,
  manifest: object,
  recipients: Type.Array(Type.String()),
  /** The image that served, by digest, where the stack made it: what a host that is lost is brought back with. */
  deployed: Type.Optional(Type.String()),
})

export type Backup = Static<typeof backupShape>

export type Listing = {
  /** Oldest first. */
  backups: Backup[]
  /** What has a `backup.json` that can't be read, and why. */
  damaged: { id: string; why: string }[]
  /** Begun and never finished, or begun just now; each is no backup. */
  unfinished: string[]
}

/** The keys of a backup's objects. `backup` is the one that makes it one. */
export const keysOf = (id: string) => ({
  dump: `${FOLDER}/${id}/dump.age`,
  manifest: `${FOLDER}/${id}/manifest.age`,
  backup: `${FOLDER}/${id}/backup.json`,
})

/** `20261121T214554Z-4f9a1c`: sorted by time, and of no two backups the same. */
export function newId(takenAt: string): string {
  const random = crypto.getRandomValues(new Uint8Array(3)).toHex()
  return `${takenAt.replace(/\.\d+Z$/, "Z").replace(/[-:]/g, "")}-${random}`
}

export async function listBackups(storage: Storage): Promise<Listing> {
  const objects = await storage.list(`${FOLDER}/`)
  const ids = [...new Set(objects.map(({ key }) => key.split("/")[1]!))]
  const keys = new Set(objects.map(({ key }) => key))
  const [whole, unfinished] = [[] as string[], [] as string[]]
  for (const id of ids) (keys.has(keysOf(id).backup) ? whole : unfinished).push(id)
  const listing: Listing = { backups: [], damaged: [], unfinished }
  for (let start = 0; start < whole.length; start += AT_ONCE)
    for (const [index, read] of (
      await Promise.allSettled(whole.slice(start, start + AT_ONCE).map((id) => readBackup(storage, id)))
    ).entries()) {
      const id = whole[start + index]!
      if (read.status === "fulfilled") listing.backups.push(read.value)
      else if (read.reason instanceof NotWhole) listing.damaged.push({ id, why: read.reason.message })
      else throw read.reason
    }
  listing.backups.sort((a, b) => (a.takenAt < b.takenAt ? -1 : 1))
  return listing
}

class NotWhole extends Refusal {}

/** The backup of that id. Throws a `Refusal` (3) if there is none, or what tells of it is damaged. */
export async function readBackup(storage: Storage, id: string): Promise<Backup> {
  const content = await storage.read(keysOf(id).backup)
  if (content === null)
    throw new NotWhole(3, `There is no backup ${id} in ${storage.name}: its backup.json is missing.`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(content))
  } catch {
    throw new NotWhole(3, `backup.json of ${id} is damaged: it is no JSON.`)
  }
  if (!Value.Check(backupShape, value) || value.id !== id)
    throw new NotWhole(3, `backup.json of ${id} is damaged: it does not tell of this backup.`)
  if (value.format > 1)
    throw new NotWhole(3, `${id} was made by a newer Docket (format ${value.format}): use that release.`)
  return value
}

/** The newest backup, or the one named. */
export async function chooseBackup(storage: Storage, id: string | undefined): Promise<Backup> {
  if (id !== undefined && id !== "latest") {
    if (!/^\d{8}T\d{6}Z-[0-9a-f]{6}$/.test(id))
      throw new Refusal(2, `${id} is no backup's name. bun run ops backups lists them.`)
    return readBackup(storage, id)
  }
  const newest = (await listBackups(storage)).backups.at(-1)
  if (!newest) throw new Refusal(3, `There is no backup in ${storage.name}.`)
  return newest
}

/** What the backup says that it holds. Throws a `Refusal` if that is missing, damaged, or another's. */
export async function readManifest(
  storage: Storage,
  backup: Backup,
  identities: string[],
): Promise<Manifest> {
  const { manifest } = keysOf(backup.id)
  const cipher = await storage.read(manifest)
  if (cipher === null) throw new Refusal(3, `A part of ${backup.id} is missing: ${manifest}.`)
  if (new Bun.CryptoHasher("sha256").update(cipher).digest("hex") !== backup.manifest.sha256)
    throw new Refusal(3, `${manifest} is damaged: it is not what was written with this backup.`)
  return parseManifest(await decryptText(cipher, identities, manifest), backup.id)
}
