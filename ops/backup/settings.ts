import { readFileSync } from "node:fs"
import { Refusal } from "../refusal.ts"

/** Where backups are kept, and by whose right. Which rights, depends on the identity: docs/operations/backup-restore.md */
export type StorageSettings = {
  /** Of an S3 service, as in https://s3.example.org; the bucket is part of the path. */
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** What every key begins with: empty, or ending in a slash. */
  prefix: string
}

/** A place that an environment's file names. */
type Place = { endpoint: string; bucket: string; region?: string; prefix?: string }

/**
 * Reads BACKUP_S3_*; where the storage is, of `place` if that is given. Throws a `Refusal` that names everything that is
 * missing.
 */
export function storageSettings(place?: Place): StorageSettings {
  const missing: string[] = []
  const need = (name: string) => {
    const value = variable(name)
    if (value === undefined) missing.push(name)
    return value ?? ""
  }
  const settings = {
    endpoint: (place?.endpoint ?? need("BACKUP_S3_ENDPOINT")).replace(/\/+$/, ""),
    bucket: place?.bucket ?? need("BACKUP_S3_BUCKET"),
    region: (place ? place.region : variable("BACKUP_S3_REGION")) ?? "us-east-1",
    accessKeyId: need("BACKUP_S3_ACCESS_KEY_ID"),
    secretAccessKey: need("BACKUP_S3_SECRET_ACCESS_KEY"),
    prefix: ((place ? place.prefix : variable("BACKUP_S3_PREFIX")) ?? "")
      .replace(/^\/+|\/+$/g, "")
      .replace(/(?<=.)$/, "/"),
  }
  if (missing.length > 0)
    throw new Refusal(
      2,
      `${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} not set: where backups are kept.`,
    )
  if (!/^https?:\/\/[^/]+$/.test(settings.endpoint))
    throw new Refusal(2, "BACKUP_S3_ENDPOINT is no address like https://s3.example.org.")
  return settings
}

/** Public keys that every backup is encrypted to, of BACKUP_RECIPIENTS. */
export function recipientSettings(): string[] {
  const given = words("BACKUP_RECIPIENTS")
  if (given.length === 0)
    throw new Refusal(
      2,
      "BACKUP_RECIPIENTS is not set: the age recipients (age1…) that may open the backup, separated by spaces.",
    )
  const secret = given.find((word) => /^AGE-SECRET-KEY-/i.test(word))
  if (secret)
    throw new Refusal(2, "BACKUP_RECIPIENTS holds a secret key: it belongs to those who restore, not here.")
  const stranger = given.find((word) => !/^age1[a-z0-9]{50,}$/.test(word))
  if (stranger) throw new Refusal(2, `BACKUP_RECIPIENTS: ${stranger.slice(0, 20)}… is no age recipient.`)
  return [...new Set(given)]
}

/** Secret keys that open backups, of BACKUP_IDENTITY: the text of an age identity file, comments and all. */
export function identitySettings(): string[] {
  const lines = (variable("BACKUP_IDENTITY") ?? "").split(/\r?\n/).map((line) => line.trim())
  const identities = lines.filter((line) => line !== "" && !line.startsWith("#"))
  if (identities.length === 0)
    throw new Refusal(
      2,
      "BACKUP_IDENTITY_FILE is not set: the file with the age identity (AGE-SECRET-KEY-…) that opens backups.",
    )
  if (!identities.every((line) => /^AGE-SECRET-KEY-(PQ-)?1[A-Z0-9]+$/.test(line)))
    throw new Refusal(2, "BACKUP_IDENTITY holds a line that is no age identity (AGE-SECRET-KEY-1…).")
  return identities
}

/** Days that every backup is kept for, and months before this one of which one each is kept beyond. */
export const keepFor = (): { days: number; months: number } => ({
  days: wholeNumber("BACKUP_KEEP_DAYS", "30", "days", [1, 3650]),
  months: wholeNumber("BACKUP_KEEP_MONTHS", "0", "months", [0, 120]),
})

function wholeNumber(name: string, preset: string, unit: string, [least, most]: [number, number]): number {
  const text = variable(name) ?? preset
  const number = Number(text)
  if (!Number.isInteger(number) || number < least || number > most)
    throw new Refusal(2, `${name} is ${text}, and must be a number of ${unit} from ${least} to ${most}.`)
  return number
}

/** The first of `names` that is set, which has to be a URL of PostgreSQL past any pooler. */
export function databaseUrl(...names: string[]): string {
  const name = names.find((name) => variable(name) !== undefined)
  if (!name) throw new Refusal(2, `${names[0]} is not set: the database's own address, past any pooler.`)
  const url = variable(name)!
  if (
    !URL.canParse(url) ||
    !/^postgres(ql)?:$/.test(new URL(url).protocol) ||
    !new URL(url).pathname.slice(1)
  )
    throw new Refusal(2, `${name} is no address like postgres://user:password@host/database.`)
  return withPassword(url, `${name.replace(/_URL$/, "")}_PASSWORD`)
}

/** Where the password is kept apart from the address, as the stack's own is. */
function withPassword(url: string, name: string): string {
  const password = variable(name)
  if (password === undefined || new URL(url).password !== "") return url
  return Object.assign(new URL(url), { password: encodeURIComponent(password) }).href
}

/** The value of `name`, or the content of the file that `name`_FILE names. */
export function variable(name: string): string | undefined {
  const path = process.env[`${name}_FILE`]?.trim()
  const direct = process.env[name]?.trim()
  if (direct && path) throw new Refusal(2, `${name} and ${name}_FILE are both set: keep one of them.`)
  if (!path) return direct || undefined
  try {
    return readFileSync(path, "utf8").trim() || undefined
  } catch (error) {
    throw new Refusal(
      2,
      `${name}_FILE names ${path}, which can't be read (${(error as NodeJS.ErrnoException).code}).`,
    )
  }
}

const words = (name: string) => (variable(name) ?? "").split(/[\s,]+/).filter((word) => word !== "")
