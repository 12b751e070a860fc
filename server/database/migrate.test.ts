import { afterAll, beforeEach, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { testDatabase } from "../testing/database.ts"
import { connect } from "./connect.ts"
import { type Migrated, migrate } from "./migrate.ts"

const { sql: template, url } = await testDatabase()
let folder: string
let files: Record<string, string>
let empty: string

/** A database without tables, and a folder with three migrations. */
beforeEach(async () => {
  empty = `${new URL(url).pathname.slice(1)}_${Bun.randomUUIDv7().slice(-12)}`
  await template.unsafe(`create database ${empty} template template0`)
  folder = mkdtempSync(join(tmpdir(), "docket-migrations-"))
  files = {}
  await write("0001_birds.sql", "-- serves: 1\ncreate table birds (name text);")
  await write("0002_nests.sql", "-- serves: 1\ncreate table nests (place text);")
  await write("0003_eggs.sql", "-- serves: 2\ncreate table eggs (colour text);")
  const made = { folder, database: empty }
  afterAll(async () => {
    rmSync(made.folder, { recursive: true })
    await template.unsafe(`drop database ${made.database} with (force)`)
  })
})

async function write(name: string, text: string) {
  files[name] = text
  await Bun.write(join(folder, name), text)
}

async function withDatabase<T>(use: (sql: ReturnType<typeof connect>) => Promise<T>): Promise<T> {
  const sql = connect(Object.assign(new URL(url), { pathname: `/${empty}` }).href, {
    max: 1,
    statementTimeout: 0,
  })
  try {
    return await use(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const run = () => withDatabase((sql) => migrate(sql, folder))
const tables = () =>
  withDatabase(async (sql) =>
    (
      await sql<{ name: string }[]>`
        select table_name as name from information_schema.tables where table_schema = 'public' order by 1`
    ).map(({ name }) => name),
  )

test("applies what is pending, in order, and nothing the second time", async () => {
  expect(await run()).toEqual({
    applied: ["0001_birds.sql", "0002_nests.sql", "0003_eggs.sql"],
    shipped: 3,
    serves: 2,
  })
  expect(await run()).toEqual({ applied: [], shipped: 3, serves: 2 })
  await write("0004_wings.sql", "-- serves: 3\nalter table birds add wings integer;")
  expect(await run()).toEqual({ applied: ["0004_wings.sql"], shipped: 4, serves: 3 })
})

test("four servers that start at once apply each migration once", async () => {
  await write("0004_slow.sql", "-- serves: 1\nselect pg_sleep(0.3); create table slow ();")
  const applied = (await Promise.all([run(), run(), run(), run()])).flatMap((migrated) => migrated.applied)
  expect(applied.sort()).toEqual(Object.keys(files))
})

test("a concurrent index is built while another server waits for its turn", async () => {
  await write(
    "0004_index.sql",
    "-- serves: 1\n-- transaction: none\ncreate index concurrently if not exists birds_name on birds (name);",
  )
  const applied = (await Promise.all([run(), run()])).flatMap((migrated) => migrated.applied)
  expect(applied).toContain("0004_index.sql")
})

test("the invalid index that a concurrent one left when it failed is dropped first, and no other", async () => {
  await run()
  await withDatabase(async (sql) => {
    await sql`insert into birds values ('wren'), ('wren')`
    for (const index of ["birds_name", "elsewhere"])
      await sql.unsafe(`create unique index concurrently ${index} on birds (name)`).catch(() => {})
  })
  const unique = "create unique index concurrently if not exists birds_name on birds (name);"
  await write("0004_index.sql", `-- serves: 1\n-- transaction: none\n${unique}`)
  await expect(run()).rejects.toThrow("0004_index.sql failed: could not create unique index")
  await withDatabase((sql) => sql`delete from birds where ctid = (select min(ctid) from birds)`)
  expect((await run()).applied).toEqual(["0004_index.sql"])
  const indexes = await withDatabase(
    (sql) => sql`
      select indexrelid::regclass::text as name, indisvalid as valid
      from pg_index where indrelid = 'birds'::regclass order by 1`,
  )
  expect([...indexes]).toEqual([
    { name: "birds_name", valid: true },
    { name: "elsewhere", valid: false },
  ])
})

test("an applied file that was changed is refused by name", async () => {
  await run()
  await write("0002_nests.sql", "-- serves: 1\ncreate table nests (place text, size integer);")
  await expect(run()).rejects.toThrow("0002_nests.sql is not what was applied")
})

test("line ends are not a change", async () => {
  await run()
  await write("0002_nests.sql", files["0002_nests.sql"]!.replaceAll("\n", "\r\n"))
  expect((await run()).applied).toEqual([])
})

test("a gap is refused, and so is a number given twice", async () => {
  await write("0005_late.sql", "-- serves: 1\nselect 1;")
  await expect(run()).rejects.toThrow("0005_late.sql follows no 0004: migration 0004 is missing")
  await write("0004_a.sql", "-- serves: 1\nselect 1;")
  await write("0004_b.sql", "-- serves: 1\nselect 1;")
  await expect(run()).rejects.toThrow("0004_b.sql has the number of 0004_a.sql")
})

test.each([
  ["4_short.sql", "-- serves: 1", "is not named like 0001_what_it_does.sql"],
  ["0004_none.sql", "select 1;", 'has no header "-- serves: N"'],
  ["0004_future.sql", "-- serves: 9\nselect 1;", "(1 to 4)"],
])("%s is refused", async (name, text, reason) => {
  await write(name, text)
  await expect(run()).rejects.toThrow(reason)
})

test("an empty folder is refused: it is a release that was packed wrongly", async () => {
  for (const name of Object.keys(files)) rmSync(join(folder, name))
  await expect(run()).rejects.toThrow("There are no migrations")
})

test("an older release starts on a newer schema that still serves it, and on no other", async () => {
  await run()
  rmSync(join(folder, "0003_eggs.sql"))
  expect(await run()).toEqual({ applied: [], shipped: 2, serves: 2 })
  rmSync(join(folder, "0002_nests.sql"))
  await expect(run()).rejects.toThrow(
    "The database is too new for this release: 0003_eggs.sql was applied, which works with release 2 and later, and this is 1.",
  )
})

test("what a database came to is told after each migration, also when a later one fails", async () => {
  await write("0003_eggs.sql", "-- serves: 3\ncreate table eggs ();")
  await write("0004_wings.sql", "-- serves: 4\nselect 1/0;")
  const reached: Migrated[] = []
  const running = withDatabase((sql) => migrate(sql, folder, (migrated) => reached.push(migrated)))
  await expect(running).rejects.toThrow("0004_wings.sql failed")
  expect(reached.map(({ applied, serves }) => [applied.length, serves])).toEqual([
    [1, 1],
    [2, 1],
    [3, 3],
  ])
  expect(reached.at(-1)).toMatchObject({
    shipped: 4,
    applied: ["0001_birds.sql", "0002_nests.sql", "0003_eggs.sql"],
  })
})

test("of a migration that fails in the middle nothing is left, and those before it stay", async () => {
  await write("0003_eggs.sql", "-- serves: 1\ncreate table eggs ();\n\ncreate table birds ();")
  const failure = await run().catch((error: Error) => error.message)
  expect(failure).toStartWith("0003_eggs.sql failed")
  expect(failure).toContain('relation "birds" already exists')
  expect(failure).toContain("Nothing of it was kept")
  expect(await tables()).toEqual(["birds", "migrations", "nests"])
  await write("0003_eggs.sql", "-- serves: 1\ncreate table eggs ();")
  expect((await run()).applied).toEqual(["0003_eggs.sql"])
})

test("what a process asked for that was killed is given up, and the next one can begin", async () => {
  await write("0002_nests.sql", "-- serves: 1\nselect pg_sleep(60); create table nests (place text);")
  const database = Object.assign(new URL(url), { pathname: `/${empty}` }).href
  const modules = ["connect", "migrate"].map((name) => join(import.meta.dir, `${name}.ts`))
  const script = `
    const [{ connect }, { migrate }] = await Promise.all(${JSON.stringify(modules)}.map((path) => import(path)))
    await migrate(connect(${JSON.stringify(database)}, { max: 1, statementTimeout: 0 }), ${JSON.stringify(folder)})`
  const child = Bun.spawn([process.execPath, "-e", script])
  const asleep = async () =>
    (
      await template`
        select 1 from pg_stat_activity where datname = ${empty} and wait_event = 'PgSleep'`
    ).length > 0
  while (!(await asleep())) await Bun.sleep(100)
  child.kill("SIGKILL")
  while (await asleep()) await Bun.sleep(100)
  await write("0002_nests.sql", "-- serves: 1\ncreate table nests (place text);")
  expect((await run()).applied).toEqual(["0002_nests.sql", "0003_eggs.sql"])
})

test("the line of a mistake is told", async () => {
  await write("0003_eggs.sql", "-- serves: 1\ncreate table eggs ();\n\nselect nonsense;")
  await expect(run()).rejects.toThrow("0003_eggs.sql failed in line 4")
})

test("a busy table is given way to, and tried again", async () => {
  await run()
  await write("0004_wings.sql", "-- serves: 1\nalter table birds add wings integer;")
  await withDatabase(async (busy) => {
    const done = Promise.withResolvers<void>()
    const reading = busy.begin(async (reader) => {
      await reader`set local idle_in_transaction_session_timeout = 0`
      await reader`select * from birds`
      await done.promise
    })
    const migrating = run()
    await Bun.sleep(5_500)
    done.resolve()
    await reading
    expect((await migrating).applied).toEqual(["0004_wings.sql"])
  })
}, 20_000)
