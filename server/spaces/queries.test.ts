import { expect, test } from "bun:test"
import { newAccount, testApp } from "../testing/app.ts"
import { createTodo, editTodo } from "../todos/queries.ts"
import { purgeTombstones } from "./queries.ts"

const app = await testApp()
const { sql } = app.dependencies

test("a reader that follows the rev misses nothing that eight writers write at once", async () => {
  const accountId = await newAccount(app)
  const [first] = await Promise.all([sql.begin((sql) => createTodo(sql, accountId, { title: "0" }))])
  const { listId } = first.todo
  let cursor = 0
  let writing = true
  const seen = new Map<string, number>()
  const read = async () => {
    const rows = await sql<{ id: string; rev: number }[]>`
      select id, rev from todos where list_id = ${listId} and rev > ${cursor} order by rev`
    for (const { id, rev } of rows) {
      seen.set(id, rev)
      cursor = rev
    }
  }
  const reader = (async () => {
    while (writing) await read()
  })()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let n = 0; n < 15; n++) {
        const { todo } = await sql.begin((sql) => createTodo(sql, accountId, { title: "Written" }))
        await sql.begin((sql) => editTodo(sql, accountId, todo.id, { title: "Written again" }))
      }
    }),
  )
  writing = false
  await reader
  await read()
  const rows = await sql<{ id: string; rev: number }[]>`select id, rev from todos where list_id = ${listId}`
  expect(rows).toHaveLength(121)
  expect(seen).toEqual(new Map(rows.map(({ id, rev }) => [id, rev])))
  expect(new Set(rows.map(({ rev }) => rev)).size).toBe(121)
})

test("tombstones are forgotten after 90 days, in batches", async () => {
  const accountId = await newAccount(app)
  await sql`
    insert into tombstones (space_id, entity, row_id, rev, deleted_at)
    select ${accountId}, 'todo', uuidv7(), 1, now() - interval '84 days 12 hours' - n * interval '1 day'
    from generate_series(1, 15) n`
  expect(await purgeTombstones(sql, 2)).toBe(10)
  const [left] = await sql`select count(*)::integer as count from tombstones where space_id = ${accountId}`
  expect(left).toEqual({ count: 5 })
})
