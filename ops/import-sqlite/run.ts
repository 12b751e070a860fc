import { connect, type Pool } from "../../server/database/connect.ts"
import { requireMigrated } from "../../server/database/migrate.ts"
import { MigrationFault } from "../../server/database/migrations.ts"
import * as release from "../../server/release.ts"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { brokenReferences } from "./broken-references.ts"
import { Findings } from "./findings.ts"
import { type ImportMap, readMap, SECTIONS, type SectionName } from "./map.ts"
import { faultLines, type Report, type Sample, type SectionCount } from "./report.ts"
import { type Source, withSource } from "./source.ts"
import { readTables, readUnmapped, requireMapped, type SourceTable } from "./tables.ts"
import { Tally } from "./tally.ts"
import { TARGETS, type TargetRow } from "./target.ts"
import { walk } from "./walk.ts"
import { writeImport } from "./write.ts"

/** What a moment may be ahead of this machine's clock, in milliseconds: clocks and time zones differ. */
const AHEAD = 86_400_000
/** How many rows of each kind a dry run shows. */
const SAMPLES = 3

export type Wanted = {
  file: string
  map: string
  mode: "dry-run" | "rehearse" | "import"
  /** Asked for unless nothing is to be written. */
  databaseUrl: () => string
}

/**
 * Reads the source twice: once to find everything that is wrong with it, and, if that is nothing or has a cure, once more
 * to write. Refuses (3) with the report where there are faults without a cure.
 */
export async function runImport({ file, map: mapPath, mode, databaseUrl }: Wanted): Promise<Report> {
  const map = await readMap(mapPath)
  const url = mode === "dry-run" ? "" : databaseUrl()
  say(`copying ${file}`)
  return withSource(file, async (source) => {
    const tables = readTables(source.database)
    requireMapped(map, tables, file)
    const latest = Date.now() + AHEAD
    const { report, tally } = await check(source, map, tables, latest)
    if (mode === "dry-run") return report
    const uncured = report.faults.filter(({ cure }) => cure === null)
    if (uncured.length > 0) {
      const { samples, ...facts } = report
      throw new Refusal(3, `${file} was not imported. ${faultLines(report.faults)}`, facts)
    }
    const rows = () =>
      walk({
        database: source.database,
        map,
        tables,
        findings: new Findings(map.cures),
        latest,
        ...progress(tables, map, "sent"),
      })
    const written = await withDatabase(url, (sql) =>
      writeImport(sql, { expected: tally, rows, rehearse: mode === "rehearse", say }),
    )
    return { ...report, ...written }
  })
}

async function check(source: Source, map: ImportMap, tables: SourceTable[], latest: number) {
  const { database, path, bytes } = source
  const findings = new Findings(map.cures)
  const tally = new Tally()
  const samples = new Map<string, Sample[]>()
  const { counts, onRow } = progress(tables, map, "checked")
  let checked = 0
  for (const row of walk({ database, map, tables, findings, latest, onRow })) {
    tally.add(row)
    keepSample(samples, row)
    checked += 1
    // So that Ctrl-C is heard.
    if (checked % 1000 === 0) await Bun.sleep(0)
  }
  const report: Report = {
    file: path,
    bytes,
    state: "checked",
    sections: counts,
    targets: tally.counts,
    mapping: mappingOf(map),
    faults: findings.faults,
    losses: findings.losses,
    unmapped: readUnmapped(database, map, tables),
    brokenReferences: brokenReferences(database),
    samples: [...samples.values()].flat(),
    checks: [],
  }
  return { report, tally }
}

const mappingOf = (map: ImportMap): Report["mapping"] =>
  SECTIONS.flatMap((section) => {
    const { table, fields } = map.sections[section] ?? { table: "", fields: {} }
    return Object.entries(fields).map(([field, source]) => {
      const from = "column" in source ? source.column : `always ${source.value}`
      return { section, table, field, from }
    })
  })

/** Of what people made themselves: Inboxes and memberships follow from it. */
function keepSample(samples: Map<string, Sample[]>, { table, values, from }: TargetRow) {
  const isInbox = table === "lists" && values[TARGETS.lists.columns.indexOf("is_inbox")] === "true"
  if (table === "spaces" || table === "memberships" || isInbox) return
  const kept = samples.get(table) ?? []
  if (kept.length < SAMPLES) samples.set(table, [...kept, { table, from, values }])
}

/** Counts the source's rows as they are read, and says every few seconds how far it is. */
function progress(tables: SourceTable[], map: ImportMap, verb: string) {
  const counts: SectionCount[] = SECTIONS.flatMap((section: SectionName) => {
    const table = map.sections[section]?.table
    return table ? [{ section, table, rows: 0, leftOut: 0 }] : []
  })
  const total = counts.reduce((sum, { table }) => sum + tables.find(({ name }) => name === table)!.rows, 0)
  const began = performance.now()
  let [read, said] = [0, began]
  const onRow = (section: SectionName, isLeftOut: boolean) => {
    const count = counts.find((count) => count.section === section)!
    count.rows += 1
    if (isLeftOut) count.leftOut += 1
    read += 1
    if (read % 1000 !== 0 || performance.now() - said < 5000) return
    said = performance.now()
    const rate = read / ((said - began) / 1000)
    say(
      `${verb} ${read.toLocaleString("en")} of ${total.toLocaleString("en")} rows, ${Math.round(rate).toLocaleString("en")} a second, ${Math.ceil((total - read) / rate)} s left`,
    )
  }
  return { counts, onRow }
}

/** With the one connection of the import. */
async function withDatabase<T>(url: string, work: (sql: Pool) => Promise<T>): Promise<T> {
  const sql = connect(url, { max: 1, statementTimeout: 0 })
  try {
    await requireMigrated(sql, release.migrations)
    return await work(sql)
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (error instanceof MigrationFault) throw new Refusal(3, error.message)
    throw new Refusal(1, `The database can't be used: ${(error as Error).message}`)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
