import { writeFile } from "node:fs/promises"
import { ConfigError, readConfig } from "../server/config.ts"
import { localCommand } from "./command.ts"
import { reportText } from "./import-sqlite/report.ts"
import { runImport } from "./import-sqlite/run.ts"
import { Refusal } from "./refusal.ts"

export default localCommand({
  name: "import-sqlite",
  description:
    "Moves the people, lists and todos of a SQLite application into the database of DATABASE_URL, proven equal or not at all: docs/operations/importing-sqlite.md",
  examples: [
    "bun run ops import-sqlite tasks.db --map tasks.toml --dry-run",
    "bun run ops import-sqlite tasks.db --map tasks.toml --rehearse",
    "bun run ops import-sqlite tasks.db --map tasks.toml --report import.json",
  ],
  arguments: {
    file: { type: "positional", required: true, description: "The SQLite database; it is only read" },
    map: { type: "string", required: true, description: "What of it goes where: a TOML file" },
    rehearse: { type: "boolean", description: "Write and prove all of it, then roll back" },
    report: { type: "string", description: "Also write the report to this file, as JSON" },
    reveal: { type: "boolean", description: "Show what people wrote in the samples of a dry run" },
  },
  run: async ({ arguments: { file, map, rehearse, report: path, reveal }, dryRun }) => {
    if (dryRun && rehearse) throw new Refusal(2, "--dry-run and --rehearse do not go together.")
    const mode = dryRun ? "dry-run" : rehearse ? "rehearse" : "import"
    const keep = async (facts: object) => {
      if (path) await writeFile(path, `${JSON.stringify(facts, null, 2)}\n`)
    }
    if (path) await claim(path)
    try {
      const { samples, ...facts } = await runImport({ file, map, mode, databaseUrl })
      await keep(facts)
      return { text: reportText({ ...facts, samples }, Boolean(reveal)), facts }
    } catch (error) {
      if (error instanceof Refusal) await keep({ code: error.code, message: error.message, ...error.facts })
      throw error
    }
  },
})

/** Before anything is done: a report that can't be written would make an import look as if it had failed. */
async function claim(path: string) {
  try {
    await writeFile(path, "", { mode: 0o600 })
  } catch (error) {
    throw new Refusal(2, `The report can't be written to ${path} (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** Only what says where the database is; the rest of a server's settings need not be here. */
function databaseUrl(): string {
  const names = ["DATABASE_URL", "DATABASE_DIRECT_URL"].flatMap((name) => [name, `${name}_FILE`])
  const given = Object.fromEntries(names.map((name) => [name, process.env[name]]))
  const signsNothing = {
    JWT_SECRET_KEY: Buffer.from(crypto.getRandomValues(new Uint8Array(48))).toString("base64"),
  }
  try {
    const { databaseDirectUrl, databaseUrl } = readConfig({ ...given, ...signsNothing })
    return databaseDirectUrl ?? databaseUrl
  } catch (error) {
    throw error instanceof ConfigError ? new Refusal(2, error.faults.join("\n")) : error
  }
}
