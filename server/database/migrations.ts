import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** One numbered file of migrations/. */
export type Migration = {
  number: number
  name: string
  text: string
  /** SHA-256 of the text with line ends as LF, in hexadecimal. */
  checksum: string
  /** The oldest release, by the number of its newest migration, that still works once this one is applied. */
  serves: number
  /** False for one statement that PostgreSQL refuses in a transaction, such as `create index concurrently`. */
  transactional: boolean
  /** Whether it takes away what people have written: a deploy makes a full backup before it. */
  destructive: boolean
}

/** Something about the migrations that an operator has to put right; the message says what and how. */
export class MigrationFault extends Error {}

/** Reads `folder` in order. Throws `MigrationFault` for a bad name, a gap, a number given twice, or a missing header. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort()
  if (names.length === 0) throw new MigrationFault(`There are no migrations in ${folder}.`)
  const migrations = await Promise.all(names.map((name) => readMigration(folder, name)))
  for (const [index, { number, name }] of migrations.entries()) {
    if (number === migrations[index - 1]?.number)
      throw new MigrationFault(
        `${name} has the number of ${migrations[index - 1]?.name}. Give it the next free one.`,
      )
    if (number !== index + 1)
      throw new MigrationFault(
        `${name} follows no ${padded(number - 1)}: migration ${padded(index + 1)} is missing.`,
      )
  }
  return migrations
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1])
  if (!number) throw new MigrationFault(`${name} is not named like 0001_what_it_does.sql.`)
  const text = (await readFile(join(folder, name), "utf8")).replaceAll("\r\n", "\n")
  const header = text.split("\n").filter((line) => line.startsWith("-- "))
  const serves = Number(header.map((line) => /^-- serves: (\d+)$/.exec(line)?.[1]).find(Boolean))
  if (!serves || serves > number)
    throw new MigrationFault(
      `${name} has no header "-- serves: N", where N (1 to ${number}) is the oldest release that works after it.`,
    )
  return {
    number,
    name,
    text,
    checksum: createHash("sha256").update(text).digest("hex"),
    serves,
    transactional: !header.includes("-- transaction: none"),
    destructive: header.some((line) => /^-- destructive: \S/.test(line)),
  }
}

/** `7` → `0007`, as files are named. */
export const padded = (number: number) => String(number).padStart(4, "0")
