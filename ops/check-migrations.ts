/** Finds by squawk what in a migration would stop the service or break the release before it. */
import { join } from "node:path"
import { type Migration, MigrationFault, readMigrations } from "../server/database/migrations.ts"
import { migrations } from "../server/release.ts"

const SQUAWK = join(import.meta.dir, "../node_modules/.bin/squawk")

/** Rules that say nothing here. */
const NOT_OURS = [
  // server/database/migrate.ts sets lock_timeout for each and tries again; what waits for no lock may take its time.
  "require-lock-timeout",
  "require-statement-timeout",
  // Ids are UUIDs and revs bigint; an integer counts what the server bounds.
  "prefer-bigint-over-int",
]

/** What landed cannot be edited: the queue's tables are written by pg-boss, word for word. */
const LANDED: Record<string, string[]> = {
  "0003_jobs.sql": ["prefer-timestamp-tz", "adding-serial-primary-key-field"],
}

/** Statements after which what people have written is not there any more; in a function's text they are somebody's later. */
const TAKES_AWAY =
  /\b(drop\s+(table|column|schema|type)|truncate|delete\s+from|update\s+[\w.]+\s+set|alter\s+column\s+\w+\s+(set\s+data\s+)?type)\b/i
/** The queue's own functions. */
const TAKES_NOTHING = ["0003_jobs.sql"]

type Finding = { line: number; message: string; help: string | null; rule_name: string }

/** A sentence for each fault of a migration in `folder`; none when all is well. */
export async function migrationFaults(folder = migrations): Promise<string[]> {
  try {
    const all = await readMigrations(folder)
    const found = await Promise.all(
      all.map(async ({ name, transactional }) =>
        (await findings(join(folder, name), transactional, LANDED[name] ?? [])).map((found) =>
          sentence(name, found),
        ),
      ),
    )
    return [...found.flat(), ...all.flatMap(unmarked)]
  } catch (error) {
    if (error instanceof MigrationFault) return [error.message]
    throw error
  }
}

/** Of a migration that takes something away and does not say so in its header. */
function unmarked({ name, text, destructive }: Migration): string[] {
  if (destructive || TAKES_NOTHING.includes(name)) return []
  for (const [index, line] of text.split("\n").entries()) {
    const statement = TAKES_AWAY.exec(line.replace(/--.*$/, ""))?.[0]
    if (statement)
      return [
        `${name}:${index + 1} destructive: "${statement}" takes away what is there. Say what in the header, as "-- destructive: the notes of trashed todos", and a deploy makes a full backup before.`,
      ]
  }
  return []
}

async function findings(path: string, transactional: boolean, excluded: string[]): Promise<Finding[]> {
  const options = [
    "--reporter=json",
    "--pg-version=18",
    `--exclude=${[...NOT_OURS, ...excluded].join(",")}`,
    transactional ? "--assume-in-transaction" : "--no-assume-in-transaction",
  ]
  const child = Bun.spawn([process.execPath, "--bun", SQUAWK, ...options, path], {
    stdout: "pipe",
    stderr: "pipe",
  })
  const [output, complaints] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  try {
    return JSON.parse(output)
  } catch {
    throw new Error(`squawk did not read ${path}: ${complaints || output}`)
  }
}

/** Lines are counted from 0, and a statement begins where the one before it ended. */
function sentence(name: string, { line, message, help, rule_name }: Finding): string {
  return `${name}:${line + 1} ${rule_name}: ${[message, help].filter(Boolean).join(" ")}`
}
