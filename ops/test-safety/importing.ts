/**
 * `ops import-sqlite` with 1,000,000 todos and every dirty value: refused without cures, nothing left by one that is
 * killed, and with cures all of it, proven equal. Needs no engine; some 3 GB of memory and of disk.
 */
import { Database } from "bun:sqlite"
import { mkdtemp, readdir, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect, type Pool } from "../../server/database/connect.ts"
import { startCluster } from "../../server/testing/cluster.ts"
import { bytes, duration } from "../backup/pace.ts"
import { CURES, type Fault } from "../import-sqlite/findings.ts"
import { DIRT } from "../import-sqlite/made-up-dirt.ts"
import { makeSource } from "../import-sqlite/made-up-source.ts"
import type { Report } from "../import-sqlite/report.ts"
import { TARGET_TABLES } from "../import-sqlite/target.ts"
import { check, expect } from "../testing/check.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { begin, ops } from "./operator.ts"

const TODOS = 1_000_000
/** Of the faults that one row alone would not show at this size. */
const EVERY = 1000
const KINDS = [...new Set(DIRT.map(([, , { kind }]) => kind))]
const NOTHING = { accounts: 0, lists: 0, memberships: 0, todos: 0, spaces: 0 }

export async function checkImporting() {
  const folder = await mkdtemp(join(tmpdir(), "docket-test-safety-import-"))
  const cluster = process.env.TEST_DATABASE_CLUSTER ?? (await startCluster())
  const name = `test_${Bun.randomUUIDv7().replaceAll("-", "")}`
  const admin = connect(cluster, { max: 1, statementTimeout: 30_000 })
  await admin.unsafe(`create database ${name} template docket_template`)
  const url = Object.assign(new URL(cluster), { pathname: `/${name}` }).href
  const sql = connect(url, { max: 1, statementTimeout: 60_000 })
  try {
    await checkAll({ folder, url, sql })
  } finally {
    await sql.end({ timeout: 5 })
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
    await rm(folder, { recursive: true })
  }
}

type Place = { folder: string; url: string; sql: Pool }

async function checkAll({ folder, url, sql }: Place) {
  const file = join(folder, "tasks.db")
  const [strict, cured] = await writeMaps(folder)
  const variables = { DATABASE_URL: url, TMPDIR: folder }
  const given = (map: string, ...more: string[]) => ["import-sqlite", file, "--map", map, ...more]
  const counts = () => countsOf(sql)

  await check(
    "a source of 1,000,000 todos has every dirty value, and some in every thousandth row",
    async () => {
      makeDirty(file)
      return bytes((await stat(file)).size)
    },
  )

  await check(
    "without a cure it is refused with each fault named, while the application writes on",
    async () => {
      const writing = writeOn(file)
      const done = await ops(variables, given(strict)).finally(() => writing.end())
      refused(done, 3, /was not imported/)
      const faults = done.said.faults as Fault[]
      const missing = KINDS.filter((kind) => !faults.some((fault) => fault.kind === kind))
      expect(missing.length === 0, `not named: ${missing.join(", ")}`)
      const inMillion = faults.find(({ kind, column }) => kind === "nul" && column === "title")
      expect(inMillion!.count >= TODOS / EVERY, `${inMillion!.count} NULs are counted`)
      same(await counts(), NOTHING)
      return `${faults.length} faults, ${duration(done.seconds)}, ${writing.written()} rows written meanwhile`
    },
  )

  await check("one that is killed while it writes leaves nothing, and the next one can begin", async () => {
    const begun = begin(variables, given(cured))
    await begun.telling(/sent [1-9]/)
    begun.kill("SIGKILL")
    await begun.done
    same(await counts(), NOTHING)
  })

  let rows: Report["targets"]
  await check("a rehearsal proves everything and takes it back", async () => {
    const done = await ops(variables, given(cured, "--rehearse"))
    succeeded(done)
    requireProof(done.said as never)
    same(await counts(), NOTHING)
    return duration(done.seconds)
  })

  await check("with cures all of it is imported, and proven equal", async () => {
    // Nor does it matter that PostgreSQL takes the tables for empty, as it does once it cleared up after the rehearsal.
    await sql`vacuum analyze ${sql(TARGET_TABLES)}`
    const done = await ops(variables, given(cured))
    succeeded(done)
    const report = done.said as unknown as Report
    requireProof(report)
    rows = report.targets
    same(await counts(), rows)
    const todos = report.sections.find(({ section }) => section === "todos")!
    expect(rows.todos === todos.rows - todos.leftOut, "todos went without being counted as left out")
    expect(rows.todos >= TODOS - EVERY, `only ${rows.todos} todos came`)
    return `${rows.todos.toLocaleString("en")} todos, ${report.checks.length} proofs, ${duration(done.seconds)}`
  })

  await check("the same again finds everything there, and writes nothing", async () => {
    const done = await ops(variables, given(cured))
    succeeded(done)
    expect(done.said.state === "there", `it says ${done.said.state}`)
    same(await counts(), rows)
  })

  await check("no copy of the source is left on the disk", async () => {
    const left = (await readdir(folder)).filter(
      (name) => !/^(tasks\.db(-wal|-shm)?|(strict|cured)\.toml)$/.test(name),
    )
    expect(left.length === 0, `left: ${left.join(", ")}`)
  })
}

/** The shipped map: as it is, and with the cure that keeps most for every kind. */
async function writeMaps(folder: string): Promise<[string, string]> {
  const map = await Bun.file(join(import.meta.dir, "../import-sqlite/maps/organisations.toml")).text()
  const [strict, cured] = [join(folder, "strict.toml"), join(folder, "cured.toml")]
  const cures = KINDS.map((kind) => `${kind} = "${CURES[kind][0]}"`)
  await Bun.write(strict, map)
  await Bun.write(cured, `${map}\n${cures.join("\n")}\n`)
  return [strict, cured]
}

function makeDirty(file: string) {
  const database = makeSource(file, { people: 1000, organisations: 200, tasks: TODOS })
  database.run("pragma foreign_keys = off")
  database.run("pragma journal_mode = wal")
  for (const [, statements] of DIRT) for (const statement of statements) database.run(statement)
  database.run(`update tasks set title = 'a' || char(0) || id where id % ${EVERY} = 100`)
  database.run(`update tasks set title = cast(x'61ff62' as text) where id % ${EVERY} = 200`)
  database.run(`update tasks set done = 'perhaps', due_date = '2024-02-30' where id % ${EVERY} = 300`)
  database.run(`update tasks set title = printf('%.*c', 600, 'x') where id % ${EVERY} = 400`)
  database.close()
}

/** The application goes on adding tasks, a few at a time, until `end`. */
function writeOn(file: string) {
  const database = new Database(file)
  database.run("pragma busy_timeout = 5000")
  const add = database.prepare(
    "insert into tasks (org_id, user_id, title, created_at) values (1, 1, 'Written meanwhile', '2024-01-01')",
  )
  let written = 0
  const timer = setInterval(() => {
    add.run()
    written += 1
  }, 50)
  return {
    written: () => written,
    end: () => {
      clearInterval(timer)
      database.close()
    },
  }
}

async function countsOf(sql: Pool): Promise<Report["targets"]> {
  const [row] = await sql<[Report["targets"]]>`
    select (select count(*)::integer from accounts) as accounts, (select count(*)::integer from lists) as lists,
      (select count(*)::integer from memberships) as memberships, (select count(*)::integer from todos) as todos,
      (select count(*)::integer from spaces) as spaces`
  return row
}

function requireProof({ checks }: Report) {
  const broken = checks.filter(({ holds }) => !holds)
  expect(
    checks.length > 20 && broken.length === 0,
    `of ${checks.length} proofs fail ${JSON.stringify(broken)}`,
  )
}

function same(counts: Report["targets"], expected: Report["targets"]) {
  const differ = Object.keys(expected).filter(
    (table) => counts[table as keyof typeof counts] !== expected[table as keyof typeof expected],
  )
  expect(
    differ.length === 0,
    `of ${differ.join(", ")} there are ${JSON.stringify(counts)}, not ${JSON.stringify(expected)}`,
  )
}
