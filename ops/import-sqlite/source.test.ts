import { Database } from "bun:sqlite"
import { afterAll, expect, test } from "bun:test"
import { mkdtemp, readdir, rm, truncate } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { makeSource } from "./made-up-source.ts"
import { withSource } from "./source.ts"

const folder = await mkdtemp(join(tmpdir(), "docket-import-source-"))
afterAll(() => rm(folder, { recursive: true }))
const file = (name: string) => join(folder, name)
const make = (path: string) => makeSource(path, { people: 3, organisations: 1, tasks: 500 })
const tasksIn = (path: string) =>
  withSource(path, async ({ database }) => database.query("select count(*) as count from tasks").get())

test("a database in WAL mode is read as it is, with what is only in its log", async () => {
  const database = make(file("wal.db"))
  database.run("pragma journal_mode = wal")
  database.run("pragma wal_autocheckpoint = 0")
  database.run("delete from tasks where id > 400")
  expect((await readdir(folder)).includes("wal.db-wal")).toBe(true)
  expect(await tasksIn(file("wal.db"))).toEqual({ count: 400 })
  database.close()
})

test("one that is being written is read as it was at one moment", async () => {
  make(file("busy.db")).close()
  const writer = Bun.spawn(["bun", "-e", WRITER, file("busy.db")], { stdout: "pipe" })
  try {
    await writer.stdout.getReader().read()
    for (let n = 0; n < 3; n += 1) {
      const found = await withSource(file("busy.db"), async ({ database }) =>
        database
          .query<{ tasks: number; counted: number }, []>(
            "select (select count(*) from tasks) as tasks, (select tasks from counted) as counted",
          )
          .get(),
      )
      expect(found!.tasks).toBe(found!.counted)
    }
  } finally {
    writer.kill()
    await writer.exited
  }
})

/** Adds a task and counts it in one transaction, over and over. */
const WRITER = `
  const { Database } = require("bun:sqlite")
  const database = new Database(process.argv[1])
  database.run("pragma journal_mode = wal")
  database.run("create table counted as select count(*) as tasks from tasks")
  console.log("writing")
  for (;;) database.transaction(() => {
    database.run("insert into tasks (title) values ('another')")
    database.run("update counted set tasks = tasks + 1")
  })()`

test("one that is locked is named, and left alone", async () => {
  const database = make(file("locked.db"))
  database.run("begin exclusive")
  await expect(tasksIn(file("locked.db"))).rejects.toThrow(
    /locked\.db can't be read: another program has had it locked/,
  )
  database.run("rollback")
  database.close()
}, 60_000)

test("damage is named, also where only an index has it", async () => {
  make(file("short.db")).close()
  await truncate(file("short.db"), 20_480)
  await expect(tasksIn(file("short.db"))).rejects.toThrow(
    /short\.db (is damaged|can't be read: it is damaged)/,
  )
  const database = make(file("index.db"))
  database.run("create index tasks_title on tasks (title)")
  const { rootpage } = database
    .query("select rootpage from sqlite_schema where name = 'tasks_title'")
    .get() as never
  const { page_size: size } = database.query("pragma page_size").get() as never
  database.close()
  const bytes = new Uint8Array(await Bun.file(file("index.db")).arrayBuffer())
  bytes.fill(0xff, (rootpage as number) * size - 40, (rootpage as number) * size)
  await Bun.write(file("index.db"), bytes)
  await expect(tasksIn(file("index.db"))).rejects.toThrow(
    /index\.db (is damaged|can't be read: it is damaged)/,
  )
})

test("what is no database, is empty or is not there", async () => {
  await Bun.write(file("notes.db"), "Dear diary, this is not a database at all.")
  await Bun.write(file("empty.db"), "")
  await expect(tasksIn(file("notes.db"))).rejects.toThrow(/notes\.db is no SQLite database\.$/)
  await expect(tasksIn(file("empty.db"))).rejects.toThrow("is no SQLite database: it is empty")
  await expect(tasksIn(file("nowhere.db"))).rejects.toThrow("There is no file")
})

test("the source is not written to, and the copy is removed", async () => {
  make(file("kept.db")).close()
  const before = Bun.hash(await Bun.file(file("kept.db")).arrayBuffer())
  const copies = async () =>
    (await readdir(tmpdir())).filter((name) => name.startsWith("docket-import-copy-"))
  const earlier = await copies()
  await withSource(file("kept.db"), async ({ database }) => {
    expect(() => database.run("delete from tasks")).toThrow("readonly")
  })
  expect(Bun.hash(await Bun.file(file("kept.db")).arrayBuffer())).toBe(before)
  expect(await copies()).toEqual(earlier)
  const left = new Database(file("kept.db"), { readonly: true })
  expect(left.query("select count(*) as count from tasks").get()).toEqual({ count: 500 })
  left.close()
})
