import { expect, test } from "bun:test"
import { testDatabase } from "../testing/database.ts"
import { type Changes, inSavepoint, noteMembership, noteRaised, overseeTransactions } from "./transactions.ts"

const { sql } = await testDatabase()
const told: Changes[] = []
overseeTransactions(sql, (changes) => told.push(changes))

test("what was noted is told once it is committed, and never if it is not", async () => {
  const [space, account] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
  await sql.begin(async (sql) => {
    noteRaised(sql, space, 3)
    noteRaised(sql, space, 4)
    noteMembership(sql, account)
    expect(told).toEqual([])
  })
  expect(told).toEqual([{ spaces: new Map([[space, 4]]), accounts: new Set([account]) }])
  const failed = sql.begin(async (sql) => {
    noteRaised(sql, space, 5)
    throw new Error("no")
  })
  await expect(failed).rejects.toThrow("no")
  expect(told).toHaveLength(1)
})

test("what was noted in a savepoint is told with its transaction, unless it was rolled back", async () => {
  const space = Bun.randomUUIDv7()
  const before = told.length
  await sql.begin(async (sql) => {
    await inSavepoint(sql, async (sql) => noteRaised(sql, space, 1))
    const failed = inSavepoint(sql, async (sql) => {
      noteRaised(sql, space, 2)
      throw new Error("no")
    })
    await expect(failed).rejects.toThrow("no")
  })
  expect(told.slice(before)).toEqual([{ spaces: new Map([[space, 1]]), accounts: new Set() }])
})

test("two transactions that wait for each other both go through", async () => {
  await sql`create table doors (id integer primary key, opened integer not null default 0)`
  await sql`insert into doors values (1), (2)`
  let inside = 0
  const both = Promise.withResolvers<void>()
  const open = (first: number, second: number) =>
    sql.begin(async (sql) => {
      await sql`update doors set opened = opened + 1 where id = ${first}`
      inside += 1
      if (inside === 2) both.resolve()
      await both.promise
      await sql`update doors set opened = opened + 1 where id = ${second}`
    })
  await Promise.all([open(1, 2), open(2, 1)])
  expect(inside).toBe(3)
  expect([...(await sql`select opened from doors`)]).toEqual([{ opened: 2 }, { opened: 2 }])
})
