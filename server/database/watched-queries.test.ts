import { afterAll, describe, expect, test } from "bun:test"
import { testDatabase } from "../testing/database.ts"
import { queryName } from "./query-names.ts"
import { watchQueries } from "./watched-queries.ts"

const { sql } = await testDatabase()
type Told = { name: string; seconds: number; error: unknown; begun: unknown }
const told: Told[] = []
afterAll(watchQueries(sql, { began: () => "asked", ended: (query) => told.push(query) }))

test("each statement is told once, in a transaction too, with what it took and whether it failed", async () => {
  // The driver itself asks for types at first.
  await sql`select 1`
  told.length = 0
  await sql`select pg_sleep(0.05), ${sql`count(*)`} from migrations`
  await sql.begin(async (sql) => {
    await sql`insert into erasures (account_id) select uuidv7() where ${false}`
    await sql.savepoint((sql) => sql`select 1 from accounts join sessions on account_id = accounts.id`)
  })
  await sql`select 1 from no_such_table`.catch(() => {})
  await sql.unsafe("delete from erasures where false")
  const names = told.map(({ name }) => name)
  expect(names).toEqual([
    "select migrations",
    "begin",
    "insert erasures",
    "savepoint",
    "select accounts, sessions",
    "commit",
    "select no_such_table",
    "delete erasures",
  ])
  expect(told[0]!.seconds).toBeGreaterThan(0.04)
  expect(told.every(({ begun }) => begun === "asked")).toBe(true)
  expect(told.filter(({ error }) => error !== null).map(({ name }) => name)).toEqual(["select no_such_table"])
})

test("who no longer watches is no longer told", async () => {
  let others = 0
  const end = watchQueries(sql, { ended: () => (others += 1) })
  await sql`select 1`
  end()
  await sql`select 1`
  expect(others).toBe(1)
})

describe("a name", () => {
  const names = {
    "select 1": "select",
    "  select * from todos join lists on true where title = 'from accounts'": "select todos, lists",
    "with row as (select 1 from spaces), gone as materialized (delete from todos returning 1) select * from row":
      "delete todos",
    "with row as (select 1 from spaces) select * from row join accounts on true": "select spaces, accounts",
    "insert into limits (a) values (1) on conflict (a) do update set a = 2": "insert limits",
    "select 1 from accounts for update": "select accounts",
    "select 1 from generate_series(1, 2) join pgboss.job on true": "select pgboss.job",
    "update spaces set rev = 1; insert into todos select 1": "update spaces, insert todos",
    "fetch 100 from exported_todos": "fetch exported_todos",
    "rollback to s0": "rollback",
    "": "other",
  }
  for (const [text, name] of Object.entries(names))
    test(`of ${text || "nothing"}`, () => expect(queryName(text)).toBe(name))
})
