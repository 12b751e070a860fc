import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { type Static, Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { say } from "../progress.ts"
import { bytes, duration } from "./pace.ts"
import { variable } from "./settings.ts"
import type { Taken } from "./take.ts"

const recordShape = Type.Object({
  format: Type.Literal(1),
  /** The newest that was stored; null before the first. */
  newest: Type.Union([
    Type.Null(),
    Type.Object({
      id: Type.String(),
      takenAt: Type.String(),
      finishedAt: Type.String(),
      /** Of the dump as it is stored, in bytes. */
      size: Type.Number(),
      seconds: Type.Number(),
      schema: Type.String(),
    }),
  ]),
  /** Why the last try made none; null when it did. */
  failure: Type.Union([Type.Null(), Type.Object({ at: Type.String(), message: Type.String() })]),
})

/**
 * What came of the backups that were taken here, kept beside them because the writer can't list what it has stored: a
 * schedule goes by it, and a deploy asks it. It says nothing of what a drill has proven.
 */
export type BackupRecord = Static<typeof recordShape>

const NOTHING: BackupRecord = { format: 1, newest: null, failure: null }

/** The file of BACKUP_RECORD, if that is set. */
export const recordPath = () => variable("BACKUP_RECORD")

/** Nothing is known where there is no file, or one that can't be read: then the next backup makes it anew. */
export async function readRecord(path: string): Promise<BackupRecord> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"))
    if (Value.Check(recordShape, value)) return value
    say(`${path} is no record of backups, and is made anew`)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT"
    if (!missing) say(`${path} can't be read (${(error as Error).message}), and is made anew`)
  }
  return NOTHING
}

export async function recordTaken(path: string, { backup, seconds }: Taken): Promise<void> {
  const { id, takenAt, finishedAt, dump, schema } = backup
  const { newest } = await readRecord(path)
  // One that was begun earlier may end later.
  if (newest && newest.takenAt > takenAt) return
  await write(path, {
    format: 1,
    newest: { id, takenAt, finishedAt, size: dump.size, seconds: seconds.all, schema },
    failure: null,
  })
}

export async function recordFailure(path: string, message: string, at: Date): Promise<void> {
  const { newest } = await readRecord(path)
  await write(path, { format: 1, newest, failure: { at: at.toISOString(), message } })
}

/** Whole or not at all: it may be read at any moment. */
async function write(path: string, record: BackupRecord) {
  await mkdir(dirname(path), { recursive: true })
  const next = `${path}.${process.pid}.new`
  await writeFile(next, `${JSON.stringify(record)}\n`, { mode: 0o644 })
  await rename(next, path)
}

/** For people. */
export function recordText({ newest, failure }: BackupRecord, now = Date.now()): string {
  const age = newest && duration((now - Date.parse(newest.takenAt)) / 1000)
  return [
    newest
      ? `The newest backup is ${newest.id}: ${bytes(newest.size)}, of ${newest.takenAt}, ${age} ago.`
      : "No backup was taken here yet.",
    ...(failure ? [`The last try, at ${failure.at}, made none: ${failure.message}`] : []),
  ].join("\n")
}
