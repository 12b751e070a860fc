import type { Pool, Sql } from "../../server/database/connect.ts"
import { Refusal } from "../refusal.ts"
import { type Check, provenEqual, provenSound } from "./proof.ts"
import { insertStaged, stage, standing, takenAddresses } from "./staging.ts"
import { type TableTally, Tally } from "./tally.ts"
import { TARGET_TABLES, type TargetRow, type TargetTable } from "./target.ts"

/** Any number that nothing else locks: "import" in hexadecimal. */
const LOCK = 0x696d706f7274

export type Written = {
  /** `there`: every row was, as the source says, and nothing was written. */
  state: "imported" | "rehearsed" | "there"
  rows: Record<TargetTable, number>
  checks: Check[]
}

type Writing = {
  /** What was read of the source when it was checked. */
  expected: Tally
  /** Reads the source once more. */
  rows: () => Iterable<TargetRow>
  rehearse: boolean
  say: (line: string) => void
}

class RolledBack extends Error {
  constructor(readonly written: Written) {
    super("rehearsed")
  }
}

/**
 * Writes an import in one transaction, and commits it only if everything that can be compared is equal on both sides;
 * a rehearsal does the same and rolls back. Where all of it is there already it writes nothing. Refuses (3) if some of
 * it is there or differs, or if an address has another account; fails (1) if the database does; (5) if the connection
 * went in the moment of the commit, when a second run says which.
 */
export async function writeImport(sql: Pool, writing: Writing): Promise<Written> {
  let isCommitting = false
  try {
    return await sql.begin(async (sql) => {
      const written = await write(sql, writing).catch(unlessGone)
      if (writing.rehearse && written.state === "imported")
        throw new RolledBack({ ...written, state: "rehearsed" })
      isCommitting = true
      return written
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.written
    if (error instanceof Refusal) throw error
    throw isCommitting
      ? new Refusal(
          5,
          `The database went away during the commit: ${reasonOf(error)} Run the same command again: it finds whether all of it is there.`,
        )
      : new Refusal(1, `The database failed: ${reasonOf(error)} Nothing was imported.`)
  }
}

/**
 * Where the connection is gone, the driver's own rollback would write to it and end the process. So this never returns:
 * the driver fails the transaction by itself when it sees the connection closed.
 */
async function unlessGone(error: unknown): Promise<never> {
  const { code = "", severity = "" } = error as { code?: string; severity?: string }
  const isGone = severity === "FATAL" || severity === "PANIC" || /^(CONNECTION_|E[A-Z]+$)/.test(code)
  if (isGone) await new Promise(() => {})
  throw error
}

async function write(sql: Sql, { expected, rows, say }: Writing): Promise<Written> {
  const [{ locked }] = await sql<[{ locked: boolean }]>`select pg_try_advisory_xact_lock(${LOCK}) as locked`
  if (!locked) throw new Refusal(3, "Another import writes to this database. Nothing was imported.")
  const sent = new Tally()
  await stage(sql, tallied(rows(), sent))
  const tallies = sameTwice(expected, sent)
  await refuseTaken(sql)
  const counts = Object.fromEntries(TARGET_TABLES.map((table) => [table, tallies.get(table)!.rows]))
  if (await isThere(sql)) return { state: "there", rows: counts as Written["rows"], checks: [] }
  for (const table of TARGET_TABLES) {
    const count = await insertStaged(sql, table)
    say(`wrote ${count.toLocaleString("en")} ${table}`)
  }
  // What the planner knows is from before: it would read every todo once for each list.
  await sql`analyze ${sql(TARGET_TABLES)}`
  say("proving: what PostgreSQL holds against what was read of the source")
  const checks: Check[] = []
  for (const table of TARGET_TABLES) checks.push(...(await provenEqual(sql, table, tallies.get(table)!)))
  checks.push(...(await provenSound(sql)))
  refuseUnproven(checks)
  return { state: "imported", rows: counts as Written["rows"], checks }
}

function* tallied(rows: Iterable<TargetRow>, tally: Tally): Generator<TargetRow> {
  for (const row of rows) {
    tally.add(row)
    yield row
  }
}

/** The copy does not change, so reading it twice gives the same; if not, it is this program that is wrong. */
function sameTwice(expected: Tally, sent: Tally): Map<TargetTable, TableTally> {
  return new Map(
    TARGET_TABLES.map((table) => {
      if (!Bun.deepEquals(expected.of(table), sent.of(table)))
        throw new Refusal(1, `The source gave other ${table} when it was read again. Nothing was imported.`)
      return [table, sent.of(table)]
    }),
  )
}

async function refuseTaken(sql: Sql) {
  const taken = await takenAddresses(sql)
  if (taken.count > 0)
    throw new Refusal(
      3,
      `${taken.count} addresses have accounts in Docket that this import did not make: ${taken.examples.join(", ")}. Nothing was imported. Delete those accounts, or take the rows out of the source.`,
      { taken },
    )
}

/** Whether an earlier import wrote all of it. Throws if it wrote some, or what it wrote is another by now. */
async function isThere(sql: Sql): Promise<boolean> {
  const found = []
  for (const table of TARGET_TABLES) found.push({ table, ...(await standing(sql, table)) })
  if (found.every(({ there }) => there === 0)) return false
  const differing = found.filter(({ incoming, there, different }) => different > 0 || there < incoming)
  if (differing.length === 0) return true
  const lines = differing.map(
    ({ table, incoming, there, different, examples }) =>
      `  ${table}: ${incoming - there} are new and ${different} are not what they are in Docket: ${examples.join(", ")}`,
  )
  throw new Refusal(
    3,
    `This source was imported before, and is not the same any more (or people have changed what came from it):\n${lines.join("\n")}\nNothing was changed.`,
    { differing },
  )
}

function refuseUnproven(checks: Check[]) {
  const broken = checks.filter(({ holds }) => !holds)
  if (broken.length === 0) return
  const lines = broken.map(
    ({ table, what, source, docket }) => `  ${table}, ${what}: ${source} in the source, ${docket} in Docket`,
  )
  throw new Refusal(1, `What was written is not what was read:\n${lines.join("\n")}\nNothing was imported.`, {
    checks,
  })
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  const hint = code === "42501" ? " The import needs the role that owns the database, not the server's." : ""
  return `${message.replace(/[.\s]*$/, ".")}${hint}`
}
