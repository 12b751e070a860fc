import { Database, SQLiteError } from "bun:sqlite"
import { mkdtempSync, rmSync } from "node:fs"
import { stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Refusal } from "../refusal.ts"

/** How long a writer in another process is waited for, in milliseconds. */
const BUSY_TIMEOUT = 10_000
/** The first bytes of every SQLite database, an empty one aside. */
const MAGIC = "SQLite format 3\0"

export type Source = { database: Database; path: string; bytes: number }

/**
 * Does `work` with a consistent copy of the SQLite database at `path`, which is only ever read, in WAL mode or not, and
 * may be written to meanwhile. The copy (`VACUUM INTO`, which keeps rowids) is private, as large as the database, and
 * removed at the end. Refuses (1) what is locked, damaged or no database, and what breaks its own foreign keys is named
 * by the import's own checks.
 */
export async function withSource<T>(path: string, work: (source: Source) => Promise<T>): Promise<T> {
  await requireDatabase(path)
  let folder: string | undefined
  const remove = () => folder && rmSync(folder, { recursive: true, force: true })
  // The copy holds everyone's addresses and hashes: Ctrl-C must not leave it behind, and may come at any moment.
  process.on("exit", remove)
  for (const signal of SIGNALS) process.on(signal, interrupted)
  folder = mkdtempSync(join(tmpdir(), "docket-import-copy-"))
  try {
    const copy = join(folder, "copy.db")
    copyTo(path, copy)
    const database = new Database(copy, { readonly: true })
    try {
      checkIntegrity(database, path)
      const { size: bytes } = await stat(copy)
      // An open file needs no name, and then not even a killed process leaves it. Windows removes none that is open.
      if (process.platform !== "win32") remove()
      return await work({ database, path, bytes })
    } finally {
      database.close()
    }
  } catch (error) {
    throw error instanceof SQLiteError ? unreadable(path, error) : error
  } finally {
    remove()
    process.off("exit", remove)
    for (const signal of SIGNALS) process.off(signal, interrupted)
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const

function interrupted() {
  console.error(
    "Interrupted. What was not committed is undone; the same command says whether all of it is there.",
  )
  process.exit(130)
}

async function requireDatabase(path: string) {
  const file = Bun.file(path)
  const found = await file.stat().catch(() => null)
  if (!found?.isFile()) throw new Refusal(2, `There is no file ${path}.`)
  const start = await file.slice(0, MAGIC.length).text()
  if (start !== MAGIC)
    throw new Refusal(2, `${path} is no SQLite database${found.size === 0 ? ": it is empty" : ""}.`)
}

function copyTo(path: string, copy: string) {
  const original = new Database(path, { readonly: true })
  try {
    original.run(`pragma busy_timeout = ${BUSY_TIMEOUT}`)
    // Of the original: the copy's indexes are made anew, and would hide that one was damaged.
    checkIntegrity(original, path)
    original.run("vacuum into ?", [copy])
  } finally {
    original.close()
  }
}

function checkIntegrity(database: Database, path: string) {
  const faults = database
    .query<{ integrity_check: string }, []>("pragma integrity_check(10)")
    .all()
    .map((row) => row.integrity_check)
  if (faults[0] !== "ok")
    throw new Refusal(
      1,
      [
        `${path} is damaged (integrity_check):`,
        ...faults.map((fault) => `  - ${fault}`),
        'Nothing was imported. "sqlite3 FILE .recover" may save what is left of it.',
      ].join("\n"),
      { faults },
    )
}

function unreadable(path: string, { code = "", message }: SQLiteError): Refusal {
  const why = code.startsWith("SQLITE_BUSY")
    ? `another program has had it locked for ${BUSY_TIMEOUT / 1000} s. Stop that, or copy the file while it is stopped`
    : code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB"
      ? `it is damaged (${message})`
      : code === "SQLITE_READONLY_ROLLBACK" || code === "SQLITE_READONLY_RECOVERY"
        ? "its last program died while it wrote. Open it once with that program, or with sqlite3, so that it is put right"
        : code === "SQLITE_CANTOPEN"
          ? "it can't be opened. In WAL mode its folder must be writable, or its -wal and -shm files be there"
          : code === "SQLITE_FULL"
            ? `there is no room for a copy of it in ${tmpdir()}. Set TMPDIR to a folder that has some`
            : message
  return new Refusal(1, `${path} can't be read: ${why}. Nothing was imported.`, { sqlite: code })
}
