import { expect, test } from "bun:test"
import { createList, trashList } from "../lists/queries.ts"
import { newAccount, testApp } from "../testing/app.ts"
import { createTodo, trashTodo } from "../todos/queries.ts"
import { purgeTrash } from "./purge-trash.ts"

const app = await testApp()
const { sql } = app.dependencies

test("what has been in the trash for 30 days goes, with a tombstone for each todo; nothing else does", async () => {
  const accountId = await newAccount(app)
  const make = (title: string, listId?: string) =>
    sql.begin(async (sql) => (await createTodo(sql, accountId, { title, listId })).todo)
  const list = (name: string) => sql.begin(async (sql) => (await createList(sql, accountId, { name })).list)
  const [oldList, recentList] = [await list("Old"), await list("Recent")]
  const inOldList = await make("In the old list", oldList.id)
  const inRecentList = await make("In the recent list", recentList.id)
  const old = [await make("Old 1"), await make("Old 2"), await make("Old 3")]
  const [recent, kept] = [await make("Recent"), await make("Kept")]
  await sql.begin(async (sql) => {
    for (const { id } of [...old, recent]) await trashTodo(sql, accountId, id)
    for (const { id } of [oldList, recentList]) await trashList(sql, accountId, id)
  })
  await sql`update todos set trashed_at = now() - interval '31 days' where id in ${sql(old.map(({ id }) => id))}`
  await sql`update todos set trashed_at = now() - interval '29 days' where id = ${recent.id}`
  await sql`update lists set trashed_at = now() - interval '31 days' where id = ${oldList.id}`
  const [before] = await sql`select rev from spaces where id = ${kept.listId}`

  expect(await purgeTrash(sql, 2)).toEqual({ lists: 1, todos: 3 })

  const left = await sql<{ id: string }[]>`select id from todos order by id`
  expect(left.map(({ id }) => id)).toEqual([inRecentList, recent, kept].map(({ id }) => id).sort())
  expect(left.map(({ id }) => id)).not.toContain(inOldList.id)
  expect([...(await sql`select id from spaces where id in ${sql([oldList.id, recentList.id])}`)]).toEqual([
    { id: recentList.id },
  ])
  const tombstones =
    await sql`select row_id, rev > ${before!.rev} as fresh from tombstones where space_id = ${kept.listId}`
  expect(tombstones.map(({ rowId }) => rowId).sort()).toEqual(old.map(({ id }) => id).sort())
  expect(tombstones.every(({ fresh }) => fresh)).toBe(true)
  expect([...(await sql`select size from spaces where id = ${kept.listId}`)]).toEqual([{ size: 2 }])
  expect(await purgeTrash(sql)).toEqual({ lists: 0, todos: 0 })
})
