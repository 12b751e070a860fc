import { expect, setDefaultTimeout, test } from "bun:test"
import { purgeTombstones } from "../spaces/queries.ts"
import { type SignedIn, signIn, testApp } from "../testing/app.ts"
import { type Device, newDevice } from "../testing/device.ts"
import { seed } from "../testing/seed.ts"
import type { SyncAnswer } from "./shapes.ts"

setDefaultTimeout(60_000)

const docket = await testApp()
const { sql } = docket.dependencies

const inboxOf = async (accountId: string): Promise<string> => {
  const [inbox] = await sql<{ id: string }[]>`
    select lists.id from lists join memberships on memberships.space_id = lists.id
    where memberships.account_id = ${accountId} and is_inbox`
  return inbox!.id
}
const add = async ({ request }: SignedIn, body: Record<string, unknown>) =>
  (await request("POST", "/api/todos", { body })).json()
const addList = async ({ request }: SignedIn, name: string) =>
  (await request("POST", "/api/lists", { body: { name } })).json()
const join = (spaceId: string, accountId: string) => sql`
  insert into memberships (space_id, account_id, role, position, rev)
  select ${spaceId}, ${accountId}, 'editor', 'a5', rev from spaces where id = ${spaceId}`
const leave = (spaceId: string, accountId: string) => sql`
  delete from memberships where space_id = ${spaceId} and account_id = ${accountId}`

/** What the database holds for the account, as a device should. */
async function expectSame(device: Device, accountId: string) {
  const todos = await sql<{ id: string; rev: number }[]>`
    select todos.id, todos.rev from todos join memberships on space_id = list_id where account_id = ${accountId}`
  const lists = await sql<
    { id: string }[]
  >`select space_id as id from memberships where account_id = ${accountId}`
  expect(new Map([...device.rows.todo.values()].map(({ id, rev }) => [id, rev]))).toEqual(
    new Map(todos.map(({ id, rev }) => [id, rev])),
  )
  expect([...device.rows.list.keys()].sort()).toEqual(lists.map(({ id }) => id).sort())
}

/** Someone with many todos. */
async function someoneWith(lists: number, todos: number): Promise<SignedIn> {
  const [accountId] = await seed(sql, {
    accounts: 1,
    lists,
    todos,
    prefix: `many${Bun.randomUUIDv7()}`,
    passwordHash: "not a hash",
  })
  return signIn(docket, accountId)
}

test("a new device gets everything, as the API has it, and then nothing but what changed", async () => {
  const ann = await signIn(docket)
  const todo = await add(ann, {
    title: "Water the fern",
    notes: "Twice",
    dueDate: "2026-12-01",
    priority: "high",
  })
  const list = await addList(ann, "Garden")
  const device = newDevice(ann)
  const [first, ...rest] = await device.read()
  expect(rest).toEqual([])
  expect(first!.changes).toContainEqual({ entity: "todo", row: todo })
  expect(first!.changes).toContainEqual({ entity: "list", row: list })
  expect(first!.changes.filter(({ entity }) => entity === "profile")).toMatchObject([
    { row: { id: ann.accountId, language: "en", timeZone: "UTC", theme: "system" } },
  ])
  expect(Object.keys(first!.cursor).sort()).toEqual([ann.accountId, list.id, todo.listId].sort())

  const [second] = await device.read()
  expect(second).toMatchObject({ changes: [], gone: [], cursor: {}, drop: [], reset: [], more: false })

  await ann.request("PATCH", `/api/todos/${todo.id}`, { body: { title: "Water the ferns" } })
  await ann.request("PATCH", `/api/lists/${list.id}`, { body: { position: "a7" } })
  await ann.request("PATCH", "/api/me", { body: { theme: "dark" } })
  const [third] = await device.read()
  expect(third!.changes.map(({ entity, row }) => [entity, row.id]).sort()).toEqual(
    [
      ["todo", todo.id],
      ["list", list.id],
      ["profile", ann.accountId],
    ].sort(),
  )
  expect(device.rows.profile.get(ann.accountId)).toMatchObject({ theme: "dark" })
  expect(device.rows.list.get(list.id)).toMatchObject({ position: "a7" })
})

test("a first load comes in pages, the open todos of all lists first, in their order", async () => {
  const someone = await someoneWith(4, 3000)
  const device = newDevice(someone)
  const pages = await device.read()
  await expectSame(device, someone.accountId)
  expect(pages.map(({ changes }) => changes.filter(({ entity }) => entity === "todo").length)).toEqual([
    500, 5000, 5000, 1500,
  ])
  const phases = pages.flatMap(({ changes }) =>
    changes.flatMap((change) =>
      change.entity === "todo" ? (change.row.trashedAt ? 2 : change.row.completedAt ? 1 : 0) : [],
    ),
  )
  expect(phases).toEqual(phases.toSorted())
  const [first] = pages
  const inbox = await inboxOf(someone.accountId)
  const positions = first!.changes.flatMap(({ entity, row }) =>
    entity === "todo" && (row as { listId: string }).listId === inbox
      ? (row as { position: string }).position
      : [],
  )
  expect(positions).toEqual(positions.toSorted())
  expect(device.answers.at(-1)!.more).toBe(false)
})

test("what changes during a first load is there at its end", async () => {
  const someone = await someoneWith(2, 6000)
  const device = newDevice(someone)
  await device.send([])
  const ids = await sql<{ id: string }[]>`
    select todos.id from todos join memberships on space_id = list_id where account_id = ${someone.accountId}
    order by md5(todos.id::text) limit 60`
  const [completed, trashed, moved] = [ids.slice(0, 20), ids.slice(20, 40), ids.slice(40)]
  const list = await addList(someone, "Elsewhere")
  for (const { id } of completed) await someone.request("PUT", `/api/todos/${id}/completion`)
  for (const { id } of trashed) await someone.request("DELETE", `/api/todos/${id}`)
  await device.send([])
  for (const { id } of moved)
    await someone.request("PATCH", `/api/todos/${id}`, { body: { listId: list.id } })
  for (const { id } of completed) await someone.request("DELETE", `/api/todos/${id}/completion`)
  await add(someone, { title: "In between" })
  await device.read()
  await expectSame(device, someone.accountId)
  await device.read()
  await expectSame(device, someone.accountId)
})

test("many changes come in pages too, also where thousands have one rev", async () => {
  const someone = await someoneWith(3, 4000)
  const device = newDevice(someone)
  await device.read()
  const inbox = await inboxOf(someone.accountId)
  await sql.begin(async (sql) => {
    const [space] = await sql<
      { rev: number }[]
    >`update spaces set rev = rev + 1 where id = ${inbox} returning rev`
    await sql`update todos set rev = ${space!.rev}, priority = 'high' where list_id = ${inbox}`
    await sql`delete from tombstones`
    await sql`
      insert into tombstones (space_id, entity, row_id, rev)
      select ${inbox}, 'todo', uuidv7(), ${space!.rev} from generate_series(1, 3000)`
  })
  const pages = await device.read()
  expect(pages.length).toBe(2)
  expect(pages.flatMap(({ gone }) => gone)).toHaveLength(3000)
  await expectSame(device, someone.accountId)
  expect(
    [...device.rows.todo.values()].filter(({ listId, priority }) => listId === inbox && priority !== "high"),
  ).toEqual([])
})

test("what went is told to those who hold it: purged, moved, moved out of sight", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  const [shared, own] = [await addList(ann, "Shared"), await addList(ann, "Own")]
  await join(shared.id, ben.accountId)
  const [purged, moved, hidden] = [
    await add(ann, { title: "Purged", listId: shared.id }),
    await add(ann, { title: "Moved", listId: own.id }),
    await add(ann, { title: "Hidden", listId: shared.id }),
  ]
  const [anns, bens] = [newDevice(ann), newDevice(ben)]
  await anns.read()
  await bens.read()
  expect(bens.rows.todo.has(hidden.id)).toBe(true)
  await sql`update todos set trashed_at = now() - interval '31 days' where id = ${purged.id}`
  const { purgeTrash } = await import("../spaces/purge-trash.ts")
  await purgeTrash(sql)
  await ann.request("PATCH", `/api/todos/${moved.id}`, { body: { listId: shared.id } })
  await ann.request("PATCH", `/api/todos/${hidden.id}`, { body: { listId: own.id } })
  await anns.read()
  await bens.read()
  await expectSame(anns, ann.accountId)
  await expectSame(bens, ben.accountId)
  expect(bens.rows.todo.has(moved.id)).toBe(true)
  expect(bens.rows.todo.has(hidden.id)).toBe(false)
  expect(anns.rows.todo.get(hidden.id)).toMatchObject({ listId: own.id })
})

test("joining brings all of a list, leaving drops it, and to have been there is told like never", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  const list = await addList(ann, "Shared")
  const todo = await add(ann, { title: "For both", listId: list.id })
  const device = newDevice(ben)
  await device.read()
  await join(list.id, ben.accountId)
  await device.read()
  expect(device.rows.todo.has(todo.id)).toBe(true)
  await leave(list.id, ben.accountId)
  await add(ann, { title: "No longer for Ben", listId: list.id })
  const [answer] = await device.read()
  expect(answer).toMatchObject({ drop: [list.id], changes: [], gone: [], cursor: {} })
  await expectSame(device, ben.accountId)

  const stranger = newDevice(await signIn(docket))
  await stranger.read()
  const ask = async (space: string): Promise<SyncAnswer> =>
    (await stranger.ask({ cursor: { ...stranger.cursor, [space]: "1" } })).json()
  const [real, made] = [await ask(list.id), await ask("0190a000-0000-7000-8000-000000000000")]
  const { now: _, drop: realDrop, ...realRest } = real
  const { now: __, drop: madeDrop, ...madeRest } = made
  expect(realRest).toEqual(madeRest)
  expect([realDrop, madeDrop]).toEqual([[list.id], ["0190a000-0000-7000-8000-000000000000"]])
})

test("leaving and joining again between two looks loses nothing", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  const list = await addList(ann, "Shared")
  await join(list.id, ben.accountId)
  const device = newDevice(ben)
  await device.read()
  await leave(list.id, ben.accountId)
  await add(ann, { title: "While away", listId: list.id })
  await join(list.id, ben.accountId)
  await device.read()
  await expectSame(device, ben.accountId)
})

test("a cursor from the future, unreadable, or older than what is remembered begins anew in that space alone", async () => {
  const ann = await signIn(docket)
  const [garden, kitchen] = [await addList(ann, "Garden"), await addList(ann, "Kitchen")]
  const todo = await add(ann, { title: "Dig", listId: garden.id })
  const device = newDevice(ann)
  await device.read()
  const good = device.cursor
  for (const bad of [
    "999999",
    "nonsense",
    "1+",
    "3/9/a0/x",
    "",
    "999999/0//00000000-0000-0000-0000-000000000000",
  ]) {
    device.cursor = { ...good, [garden.id]: bad }
    const [answer] = await device.read()
    expect(answer!.reset).toEqual([garden.id])
    expect(answer!.changes.map(({ row }) => row.id).sort()).toEqual([garden.id, todo.id].sort())
    expect(device.cursor).toEqual(good)
    await expectSame(device, ann.accountId)
  }
  // Gone for good, and the tombstone after 90 days too.
  const away = newDevice(ann)
  await away.read()
  await sql.begin(async (sql) => {
    const [space] = await sql<
      { rev: number }[]
    >`update spaces set rev = rev + 1 where id = ${garden.id} returning rev`
    await sql`delete from todos where id = ${todo.id}`
    await sql`
      insert into tombstones (space_id, entity, row_id, rev, deleted_at)
      values (${garden.id}, 'todo', ${todo.id}, ${space!.rev}, now() - interval '91 days')`
  })
  await add(ann, { title: "Sweep", listId: kitchen.id })
  await device.read()
  expect(await purgeTombstones(sql)).toBe(1)
  expect((await device.read())[0]!.reset).toEqual([])
  expect((await away.read())[0]!.reset).toEqual([garden.id])
  await expectSame(away, ann.accountId)
})

test("another epoch begins anew everywhere, and ops of the old one wait", async () => {
  const ann = await signIn(docket)
  await add(ann, { title: "Kept" })
  const device = newDevice(ann)
  await device.read()
  await sql`update epoch set id = gen_random_uuid()`
  const key = [...device.rows.todo.keys()][0]!
  const before = Object.keys(device.cursor)
  const answer = await device.send([{ entity: "todo", key, fields: { title: "Of the old epoch" } }])
  expect(answer.acks).toEqual([])
  expect(answer.reset.sort()).toEqual(before.sort())
  await expectSame(device, ann.accountId)
  expect(device.rows.todo.get(key)).toMatchObject({ title: "Kept" })
  const again = await device.send([{ entity: "todo", key, fields: { title: "Of the old epoch" } }])
  expect(again.acks).toHaveLength(1)
  expect(device.rows.todo.get(key)).toMatchObject({ title: "Of the old epoch" })
})

test("readers by cursor miss nothing that eight writers write, move and delete at once", async () => {
  const people = await Promise.all(Array.from({ length: 3 }, () => signIn(docket)))
  const [first, second] = [await addList(people[0]!, "One"), await addList(people[0]!, "Two")]
  for (const { accountId } of people.slice(1)) {
    await join(first.id, accountId)
    await join(second.id, accountId)
  }
  const { createTodo, editTodo, trashTodo } = await import("../todos/queries.ts")
  const devices = people.map(newDevice)
  let writing = true
  const readers = devices.map(async (device) => {
    while (writing) {
      await device.read().catch((error) => {
        if (!String(error).startsWith("Error: 429")) throw error
      })
      await Bun.sleep(40)
    }
  })
  const ids: string[] = []
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      const { accountId } = people[writer % 3]!
      for (let n = 0; n < 20; n += 1) {
        const listId = (n % 2 === 0 ? first : second).id
        const { todo } = await sql.begin((sql) =>
          createTodo(sql, accountId, { title: `${writer}/${n}`, listId }),
        )
        ids.push(todo.id)
        const some = ids[Math.floor(Math.random() * ids.length)]!
        if (n % 3 === 0) await sql.begin((sql) => editTodo(sql, accountId, some, { listId: second.id }))
        if (n % 3 === 1) await sql.begin((sql) => trashTodo(sql, accountId, some))
        if (n % 3 === 2)
          await sql.begin((sql) => editTodo(sql, accountId, some, { listId: first.id, title: "Moved" }))
      }
    }),
  )
  writing = false
  await Promise.all(readers)
  await Bun.sleep(2000)
  for (const [n, device] of devices.entries()) {
    await device.read()
    await expectSame(device, people[n]!.accountId)
  }
})
