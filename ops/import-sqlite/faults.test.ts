import type { Database } from "bun:sqlite"
import { afterAll, expect, test } from "bun:test"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Fault, FaultKind } from "./findings.ts"
import { DIRT } from "./made-up-dirt.ts"
import { makeSource } from "./made-up-source.ts"
import { runImport } from "./run.ts"

const folder = await mkdtemp(join(tmpdir(), "docket-import-faults-"))
afterAll(() => rm(folder, { recursive: true }))
const shipped = await Bun.file(`${import.meta.dir}/maps/organisations.toml`).text()
let sources = 0

/** What a dry run finds in a source of six people and twenty tasks that `spoil` made dirty. */
async function checked(spoil: (database: Database) => void, cures = "", map = shipped) {
  sources += 1
  const file = join(folder, `${sources}.db`)
  const database = makeSource(file, { people: 6, organisations: 2, tasks: 20 })
  spoil(database)
  database.close()
  const path = join(folder, `${sources}.toml`)
  await Bun.write(path, `${map}\n${cures}`)
  return runImport({ file, map: path, mode: "dry-run", databaseUrl: () => "" })
}

const found = (faults: Fault[]) => faults.map(({ kind, column, rows }) => ({ kind, column, rows }))

for (const [name, statements, expected] of DIRT)
  test(`${name} is named by its row, and refused without a cure`, async () => {
    const { faults } = await checked((database) => {
      for (const statement of statements) database.run(statement)
    })
    expect(found(faults).filter(({ kind }) => kind === expected.kind)).toEqual([expected])
    expect(faults.every(({ cure }) => cure === null)).toBe(true)
  })

test("what was mended or left out is counted as lost, and the rest comes along", async () => {
  const mendable = DIRT.filter(([, , { kind }]) => !["orphan", "email"].includes(kind))
  const kinds = [...new Set(mendable.map(([, , { kind }]) => kind))]
  const cures = kinds.map((kind: FaultKind) => `${kind} = "${kind === "length" ? "truncate" : "replace"}"`)
  const { faults, losses, targets, sections } = await checked((database) => {
    for (const [, statements] of mendable) for (const statement of statements) database.run(statement)
  }, cures.join("\n"))
  expect(faults.filter(({ cure }) => cure === null)).toEqual([])
  expect(faults.reduce((sum, { count }) => sum + count, 0)).toBe(mendable.length)
  // The second account of the address is one with the first.
  expect(targets).toMatchObject({ accounts: 5, todos: 20 })
  expect(sections.map(({ leftOut }) => leftOut)).toEqual([0, 0, 0, 0])
  expect(losses).toContainEqual({ what: "characters cut off", table: "tasks", column: "title", count: 100 })
})

test("skip leaves the rows out, and says how many", async () => {
  const { faults, targets, sections } = await checked(
    (database) => database.run("update tasks set title = '' where id <= 3"),
    'empty = "skip"',
  )
  expect(faults).toMatchObject([{ kind: "empty", cure: "skip", count: 3, rows: ["1", "2", "3"] }])
  expect(targets.todos).toBe(17)
  expect(sections.at(-1)).toEqual({ section: "todos", table: "tasks", rows: 20, leftOut: 3 })
})

test("keys are compared as SQLite does, also those that no number holds", async () => {
  const { faults, targets } = await checked((database) => {
    database.run("pragma foreign_keys = off")
    database.run("update organizations set id = 9007199254740993 where id = 1")
    database.run("update tasks set org_id = 9007199254740993 where org_id = 1")
    database.run("update tasks set org_id = '2' where org_id = 2")
    database.run("update memberships set org_id = 9007199254740993 where org_id = 1")
  })
  expect(faults).toEqual([])
  expect(targets.todos).toBe(20)
})

test("a key that two rows have", async () => {
  const { faults } = await checked(
    (database) => {
      database.run("create table copied as select * from tasks")
      database.run("insert into copied select * from tasks where id = 5")
    },
    "",
    shipped.replace('"tasks"', '"copied"'),
  )
  expect(found(faults)).toEqual([{ kind: "key", column: "id", rows: ["21"] }])
})

test("a table without rowids names rows by their keys", async () => {
  const { faults, targets } = await checked(
    (database) => {
      database.run("create table bare (id text primary key, user_id, title) without rowid")
      database.run("insert into bare select 'task-' || id, user_id, nullif(title, 'x') from tasks")
      database.run("update bare set title = '' where id = 'task-7'")
    },
    "",
    shipped.replace(
      /\[todos\][\s\S]*?\[cures\]/,
      '[todos]\ntable = "bare"\nkey = "id"\nuser = "user_id"\ntitle = "title"\n[cures]',
    ),
  )
  expect(found(faults)).toEqual([{ kind: "empty", column: "title", rows: ["task-7"] }])
  expect(targets.todos).toBe(20)
})

test("a map that names what is not there is refused, with what is meant", async () => {
  const map = shipped
    .replace('"tasks"', '"task"')
    .replace('"full_name"', '"x"')
    .replace('email = "email"', 'email = "e_mail"')
  await expect(checked(() => {}, "", map)).rejects.toThrow(
    /users\.email: users has no column e_mail\. Did you mean email\?[\s\S]*todos\.table: there is no table task\. Did you mean tasks\?/,
  )
})

test("foreign keys that the source broke are told", async () => {
  const { brokenReferences } = await checked((database) =>
    database.run("update tasks set user_id = 77 where id = 2"),
  )
  expect(brokenReferences).toEqual([{ table: "tasks", refersTo: "users", count: 1, rows: ["2"] }])
})
