import { expect, setDefaultTimeout, test } from "bun:test"
import { MOST_BODY_BYTES } from "../json-body.ts"
import { type SignedIn, signIn, testApp } from "../testing/app.ts"
import { newDevice } from "../testing/device.ts"
import { readStream, tells } from "../testing/event-stream.ts"
import { purgeOps } from "./queries.ts"
import { MOST_OPS, MOST_SPACES } from "./shapes.ts"
import { SyncLimit } from "./sync-limit.ts"

setDefaultTimeout(60_000)

const docket = await testApp()
const { sql } = docket.dependencies

const newId = () => Bun.randomUUIDv7()
const create = (entity: string, key: string, fields: Record<string, unknown>) =>
  ({ id: newId(), entity, key, creates: true, fields }) as const
const change = (entity: string, key: string, fields: Record<string, unknown>) => ({
  id: newId(),
  entity,
  key,
  fields,
})
async function person() {
  const someone = await signIn(docket)
  const device = newDevice(someone)
  await device.read()
  const inbox = [...device.rows.list.values()].find(({ isInbox }) => isInbox)!.id
  return { ...someone, device, inbox }
}
const todoIn = async (id: string) => (await sql`select * from todos where id = ${id}`)[0]
const codes = ({ acks }: { acks: { problem?: { code: string } }[] }) =>
  acks.map(({ problem }) => problem?.code ?? "done")

test("everything the page does can be an op, and the rows come back with the answer", async () => {
  const { device, inbox, accountId } = await person()
  const [todo, list] = [newId(), newId()]
  const steps: [ReturnType<typeof change>, Record<string, unknown>][] = [
    [
      create("list", list, { name: "Garden", colour: "green", position: "a3" }),
      { name: "Garden", colour: "green" },
    ],
    [
      create("todo", todo, { listId: inbox, title: " Dig ", position: "a1" }),
      { title: "Dig", position: "a1" },
    ],
    [change("todo", todo, { title: "Dig deep", notes: "1\r\n2" }), { title: "Dig deep", notes: "1\n2" }],
    [
      change("todo", todo, { priority: "high", dueDate: "2026-12-24" }),
      { priority: "high", dueDate: "2026-12-24" },
    ],
    [change("todo", todo, { completedAt: "2026-01-01T00:00:00Z" }), { completedAt: expect.any(String) }],
    [change("todo", todo, { completedAt: null }), { completedAt: null }],
    [change("todo", todo, { listId: list, position: "a2" }), { listId: list, position: "a2" }],
    [change("todo", todo, { position: "a1V" }), { position: "a1V" }],
    [change("todo", todo, { trashedAt: "2020-01-01T00:00:00Z" }), { trashedAt: expect.any(String) }],
    [change("todo", todo, { trashedAt: null }), { trashedAt: null }],
    [
      change("list", list, { name: "Yard", colour: "lime", position: "a9" }),
      { name: "Yard", position: "a9" },
    ],
    [change("list", list, { archivedAt: "2020-01-01T00:00:00Z" }), { archivedAt: expect.any(String) }],
    [change("list", list, { archivedAt: null }), { archivedAt: null }],
    [change("list", list, { trashedAt: "2020-01-01T00:00:00Z" }), { trashedAt: expect.any(String) }],
    [change("list", list, { trashedAt: null }), { trashedAt: null }],
    [change("profile", accountId, { name: "Ann", theme: "dark" }), { name: "Ann", theme: "dark" }],
  ]
  for (const [op, expected] of steps) {
    const answer = await device.send([op])
    expect(answer.acks).toEqual([{ id: op.id }])
    expect(answer.changes.map(({ row }) => row as unknown)).toContainEqual(
      expect.objectContaining({ id: op.key, ...expected }),
    )
  }
  const [{ recent }] = await sql<[{ recent: boolean }]>`
    select bool_and(updated_at > now() - interval '1 minute') as recent from todos where id = ${todo}`
  expect(recent).toBe(true)
})

test("a completion keeps the moment it was made at, as far as that can be", async () => {
  const { device, inbox } = await person()
  const keys = [newId(), newId(), newId()]
  await device.send(keys.map((key) => create("todo", key, { listId: inbox, title: "Old" })))
  await sql`update todos set created_at = now() - interval '3 days' where id in ${sql(keys)}`
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
  await device.send([
    change("todo", keys[0]!, { completedAt: ago(1) }),
    change("todo", keys[1]!, { completedAt: ago(400) }),
    change("todo", keys[2]!, { completedAt: ago(-400) }),
  ])
  const rows = await sql<{ age: number }[]>`
    select round(extract(epoch from now() - completed_at) / 86400)::integer as age from todos
    where id in ${sql(keys)} order by array_position(${keys}::uuid[], id)`
  expect(rows.map(({ age }) => age)).toEqual([1, 3, 0])
})

test("an op that is sent again is answered again and not done again, also when its first answer was lost", async () => {
  const { device, inbox, request } = await person()
  const key = newId()
  const ops = [
    create("todo", key, { listId: inbox, title: "First" }),
    change("todo", key, { title: "Second" }),
    change("todo", key, { title: "" }),
  ]
  const first = await device.send(ops)
  await request("PATCH", `/api/todos/${key}`, { body: { title: "Someone else's, later" } })
  const again = await device.send(ops)
  expect(again.acks).toEqual(first.acks)
  expect(codes(again)).toEqual(["done", "done", "invalid-input"])
  expect(await todoIn(key)).toMatchObject({ title: "Someone else's, later" })
  // The answer has the row as it is now, so that the device is not left with what it made of it.
  expect(device.rows.todo.get(key)).toMatchObject({ title: "Someone else's, later" })
})

test("the same push twice at the same moment is done once", async () => {
  const { device, inbox } = await person()
  const key = newId()
  const ops = [
    create("todo", key, { listId: inbox, title: "Once" }),
    ...Array.from({ length: 20 }, (_, n) => change("todo", key, { title: `Edit ${n}` })),
  ]
  const answers = await Promise.all([1, 2, 3].map(() => device.ask({ ops })))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  const todo = await todoIn(key)
  expect(todo).toMatchObject({ title: "Edit 19" })
  const [{ rev }] = await sql<[{ rev: number }]>`select rev from spaces where id = ${inbox}`
  expect([todo!.rev, rev]).toEqual([2, 2])
})

test("two ops with one id and different bodies: the second is refused and named, in one push or in two", async () => {
  const { device, inbox } = await person()
  const op = create("todo", newId(), { listId: inbox, title: "Mine" })
  const other = { ...op, fields: { listId: inbox, title: "Not mine" } }
  expect(codes(await device.send([op, other]))).toEqual(["done", "op-id-taken"])
  expect(codes(await device.send([other]))).toEqual(["op-id-taken"])
  expect(codes(await device.send([{ ...op, fields: { title: "Mine", listId: inbox } }]))).toEqual(["done"])
  expect(await todoIn(op.key)).toMatchObject({ title: "Mine" })
})

test("ops that were done and ops that are new may come in one push", async () => {
  const { device, inbox } = await person()
  const [first, second] = [newId(), newId()].map((key) =>
    create("todo", key, { listId: inbox, title: "Once" }),
  )
  await device.send([first!])
  await device.send([change("todo", first!.key, { title: "Changed since" })])
  expect(codes(await device.send([first!, second!]))).toEqual(["done", "done"])
  expect(await todoIn(first!.key)).toMatchObject({ title: "Changed since" })
  expect(await todoIn(second!.key)).toMatchObject({ title: "Once" })
})

test("an op id is one account's own", async () => {
  const [ann, ben] = [await person(), await person()]
  const id = newId()
  await ann.device.send([{ ...create("todo", newId(), { title: "Ann's" }), id }])
  const answer = await ben.device.send([{ ...create("todo", newId(), { title: "Ben's" }), id }])
  expect(codes(answer)).toEqual(["done"])
})

test("a refused op costs the others nothing, and leaves nothing half done", async () => {
  const { device, inbox } = await person()
  const [one, two, list] = [newId(), newId(), newId()]
  const answer = await device.send([
    create("todo", one, { listId: inbox, title: "One" }),
    change("todo", one, { title: "x".repeat(501), priority: "high" }),
    create("todo", two, { listId: newId(), title: "Nowhere" }),
    change("todo", two, { title: "Needs two" }),
    change("list", inbox, { name: "Renamed", trashedAt: "2026-01-01T00:00:00Z" }),
    create("list", list, { name: "List" }),
    change("list", list, { trashedAt: "2026-01-01T00:00:00Z" }),
    change("todo", one, { listId: list, title: "Into the trash" }),
    change("todo", one, { dueDate: "2026-02-31" }),
    change("todo", one, { completedAt: "2026-13-01T00:00:00Z" }),
    change("todo", one, { nonsense: 1 }),
    change("todo", one, {}),
    change("label", newId(), { name: "Of a newer page" }),
    create("profile", newId(), { name: "x" }),
    change("todo", one, { title: "At the end" }),
  ])
  expect(codes(answer)).toEqual([
    "done",
    "invalid-input",
    "not-found",
    "not-found",
    "inbox-is-permanent",
    "done",
    "done",
    "list-is-trashed",
    "invalid-input",
    "invalid-input",
    "invalid-input",
    "invalid-input",
    "unknown-entity",
    "unknown-entity",
    "done",
  ])
  expect(answer.acks[1]!.problem!.errors).toEqual([
    { path: "/title", code: "too-long", message: expect.any(String) },
  ])
  expect(device.rows.todo.get(one)).toMatchObject({ title: "At the end", priority: "none", listId: inbox })
  expect(device.rows.list.get(inbox)).toMatchObject({ name: "Inbox", trashedAt: null })
})

test("unknown, foreign and purged rows are refused alike, and nothing of another's list is touched or told", async () => {
  const [ann, ben] = [await person(), await person()]
  const [anns, purged] = [newId(), newId()]
  await ann.device.send([create("todo", anns, { listId: ann.inbox, title: "Ann's" })])
  await ben.device.send([create("todo", purged, { listId: ben.inbox, title: "Purged" })])
  await sql`delete from todos where id = ${purged}`
  const [{ rev }] = await sql<[{ rev: number }]>`select rev from spaces where id = ${ann.inbox}`
  const bens = newId()
  await ben.device.send([create("todo", bens, { listId: ben.inbox, title: "Ben's" })])
  const answer = await ben.device.send([
    change("todo", anns, { title: "Taken" }),
    change("todo", newId(), { title: "Unknown" }),
    change("todo", purged, { title: "Back again" }),
    change("list", ann.inbox, { name: "Taken" }),
    change("list", newId(), { name: "Unknown" }),
    create("todo", newId(), { listId: ann.inbox, title: "Smuggled" }),
    change("todo", bens, { listId: ann.inbox }),
    change("profile", ann.accountId, { name: "Taken" }),
  ])
  expect(codes(answer)).toEqual(Array(8).fill("not-found"))
  const titles = answer.acks.map(({ problem }) => problem!.title)
  expect(titles[0]).toBe(titles[1]!)
  expect(titles[3]).toBe(titles[4]!)
  expect(JSON.stringify(answer)).not.toContain("Ann's")
  expect(answer.changes.map(({ row }) => row.id)).toEqual([bens])
  expect([...(await sql`select rev from spaces where id = ${ann.inbox}`)]).toEqual([{ rev }])
  // The id of a row that is not the caller's is taken, as over REST; nothing more is told.
  expect(codes(await ben.device.send([create("todo", anns, { title: "Same id" })]))).toEqual(["id-taken"])
})

test("who may only read is refused, and a membership that is gone is like none", async () => {
  const [ann, ben] = [await person(), await person()]
  const key = newId()
  await ann.device.send([create("todo", key, { listId: ann.inbox, title: "Ann's" })])
  await sql`
    insert into memberships (space_id, account_id, role, position, rev)
    values (${ann.inbox}, ${ben.accountId}, 'viewer', 'a5', 1)`
  await ben.device.read()
  expect(codes(await ben.device.send([change("todo", key, { title: "x" })]))).toEqual(["read-only"])
  await sql`delete from memberships where account_id = ${ben.accountId} and space_id = ${ann.inbox}`
  const answer = await ben.device.send([change("todo", key, { title: "x" })])
  expect(codes(answer)).toEqual(["not-found"])
  expect(answer.drop).toEqual([ann.inbox])
  expect(ben.device.rows.todo.size).toBe(0)
})

test("the last write of each field wins, and a deletion beats an edit", async () => {
  const { device, inbox, accountId } = await person()
  const other = newDevice(await signIn(docket, accountId))
  await other.read()
  const key = newId()
  await device.send([create("todo", key, { listId: inbox, title: "Title", notes: "Notes" })])
  await other.send([change("todo", key, { notes: "Other's notes" })])
  await device.send([change("todo", key, { title: "My title" })])
  await other.read()
  for (const { rows } of [device, other])
    expect(rows.todo.get(key)).toMatchObject({ title: "My title", notes: "Other's notes" })
  await sql.begin(async (sql) => {
    await sql`update spaces set rev = rev + 1 where id = ${inbox}`
    await sql`delete from todos where id = ${key}`
    await sql`insert into tombstones (space_id, entity, row_id, rev) select id, 'todo', ${key}, rev from spaces where id = ${inbox}`
  })
  expect(codes(await other.send([change("todo", key, { title: "Edit of what is gone" })]))).toEqual([
    "not-found",
  ])
  expect(other.rows.todo.has(key)).toBe(false)
})

test("pushes of several people over several lists, in opposite orders, all go through", async () => {
  const [ann, ben] = [await person(), await person()]
  const lists = [newId(), newId(), newId()]
  await ann.device.send(lists.map((key) => create("list", key, { name: "Shared" })))
  for (const id of lists)
    await sql`
      insert into memberships (space_id, account_id, role, position, rev)
      values (${id}, ${ben.accountId}, 'editor', 'a5', 1)`
  const keys = lists.map(() => newId())
  await ann.device.send(keys.map((key, n) => create("todo", key, { listId: lists[n], title: "x" })))
  const started = performance.now()
  for (let round = 0; round < 8; round += 1) {
    const pushes = [ann, ben, ann, ben].map(({ device }, n) => {
      const order = n % 2 === 0 ? keys : keys.toReversed()
      return device.ask({
        ops: order.flatMap((key, at) => [
          change("todo", key, { title: `${round}/${n}` }),
          change("todo", key, { listId: lists[(at + n + round) % 3] }),
        ]),
      })
    })
    expect((await Promise.all(pushes)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    await Bun.sleep(200)
  }
  // Each deadlock would have cost a second.
  expect(performance.now() - started).toBeLessThan(30_000)
  const sizes = await sql`
    select spaces.size - (select count(*) from todos where list_id = spaces.id) as drift
    from spaces where id in ${sql(lists)}`
  expect(sizes.map(({ drift }) => Number(drift))).toEqual([0, 0, 0])
})

test("a push is heard by open pages, what was refused is not", async () => {
  const ann = await person()
  const stream = readStream(await ann.request("GET", "/api/events"))
  const add = create("todo", newId(), { listId: ann.inbox, title: "Heard" })
  // Refused after it raised the rev, which went back with it: the next change has that rev.
  const refused = change("list", ann.inbox, { trashedAt: "2026-01-01T00:00:00Z" })
  await ann.device.send([add, refused])
  expect(await stream.until(tells(ann.inbox, 2))).not.toBeNull()
  await ann.device.send([change("todo", add.key, { title: "Heard too" })])
  await stream.until(tells(ann.inbox, 3))
  expect(stream.events.filter(tells(ann.inbox)).map(({ data }) => data.rev)).toEqual([1, 2, 3])
  await stream.close()
})

test("what is beyond a bound is refused whole, and says what is wrong", async () => {
  const { device, inbox } = await person()
  const problem = async (body: Record<string, unknown>) => {
    const answer = await device.ask(body)
    const { type, errors } = await answer.json()
    return [answer.status, type.replace("urn:docket:problem:", ""), errors?.[0]?.path, errors?.[0]?.code]
  }
  const ops = (count: number) =>
    Array.from({ length: count }, () => create("todo", newId(), { listId: inbox, title: "One of many" }))
  expect(await problem({ ops: ops(MOST_OPS + 1) })).toEqual([400, "invalid-input", "/ops", "too-long"])
  expect((await problem({ ops: ops(10_000) }))[0]).toBe(413)
  expect(JSON.stringify(ops(10_000)).length).toBeGreaterThan(MOST_BODY_BYTES)
  const spaces = Object.fromEntries(Array.from({ length: MOST_SPACES + 1 }, () => [newId(), "1"]))
  expect((await problem({ cursor: spaces })).slice(0, 2)).toEqual([400, "invalid-input"])
  expect((await problem({ cursor: { nonsense: "1" } })).slice(0, 2)).toEqual([400, "invalid-input"])
  expect((await problem({ cursor: { [inbox]: "1".repeat(400) } })).slice(0, 2)).toEqual([
    400,
    "invalid-input",
  ])
  expect((await problem({ epoch: "x" })).slice(0, 3)).toEqual([400, "invalid-input", "/epoch"])
  expect((await problem({ v: 0 })).slice(0, 2)).toEqual([409, "client-too-old"])
  expect((await problem({ v: 2 })).slice(0, 2)).toEqual([409, "client-too-new"])
  expect(await sql`select from todos where list_id = ${inbox}`).toHaveLength(0)
})

test("many ops in one push are done in order, in portions", async () => {
  const { device, inbox } = await person()
  const key = newId()
  const answer = await device.send([
    create("todo", key, { listId: inbox, title: "0" }),
    ...Array.from({ length: MOST_OPS - 1 }, (_, n) => change("todo", key, { title: `${n + 1}` })),
  ])
  expect(codes(answer)).toEqual(Array(MOST_OPS).fill("done"))
  expect(await todoIn(key)).toMatchObject({ title: `${MOST_OPS - 1}`, rev: 1 + MOST_OPS / 50 })
})

test("a client that syncs in a loop is held back, others are not", () => {
  let now = 0
  const limit = new SyncLimit(() => now)
  for (let n = 0; n < 20; n += 1) limit.charge("ann")
  expect(() => limit.charge("ann")).toThrow("Too many requests")
  limit.charge("ben")
  now += 100
  limit.charge("ann")
  expect(() => limit.charge("ann")).toThrow()
})

test("what became of ops is forgotten after 90 days, in batches", async () => {
  const { device, inbox, accountId } = await person()
  await device.send(Array.from({ length: 7 }, () => create("todo", newId(), { listId: inbox, title: "x" })))
  await sql`
    update ops set created_at = now() - interval '91 days' where id in (
      select id from ops where account_id = ${accountId} order by id limit 5)`
  expect(await purgeOps(sql, 2)).toBe(5)
  expect(await sql`select from ops where account_id = ${accountId}`).toHaveLength(2)
})

test("without a session there is no sync", async () => {
  const someone: SignedIn = await signIn(docket)
  const body = { v: 1, epoch: null, cursor: {}, ops: [] }
  expect((await docket.request("POST", "/api/sync", { body })).status).toBe(401)
  await sql`update sessions set ended_at = now() where id = ${someone.sessionId}`
  expect((await someone.request("POST", "/api/sync", { body })).status).toBe(401)
})

test("a connection to the database that is cut in the middle of a push: 503, nothing done, and done once when sent again", async () => {
  const someone = await person()
  const op = create("todo", newId(), { listId: someone.inbox, title: "Dig", position: "a1" })
  const more = create("todo", newId(), { listId: someone.inbox, title: "Sow", position: "a2" })
  const body = { v: 1, epoch: null, cursor: {}, ops: [op, more] }
  const blocked = async () =>
    (
      await sql<{ pid: number }[]>`
        select pid from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`
    )[0]?.pid
  const { promise: held, resolve: hold } = Promise.withResolvers<void>()
  const { promise: cut, resolve: release } = Promise.withResolvers<void>()
  const holding = sql.begin(async (sql) => {
    await sql`select from spaces where id = ${someone.inbox} for update`
    hold()
    await cut
  })
  await held
  const pushed = someone.request("POST", "/api/sync", { body })
  let pid: number | undefined
  while (!pid) pid = await blocked()
  await sql`select pg_terminate_backend(${pid})`
  const refused = await pushed
  release()
  await holding
  expect([refused.status, (await refused.json()).type]).toEqual([
    503,
    "urn:docket:problem:database-unavailable",
  ])
  expect(refused.headers.get("Retry-After")).toBe("5")
  expect(await todoIn(op.key)).toBeUndefined()
  for (let times = 0; times < 2; times++) {
    const answer = await someone.request("POST", "/api/sync", { body })
    expect(codes(await answer.json())).toEqual(["done", "done"])
  }
  expect(await sql`select from todos where list_id = ${someone.inbox}`).toHaveLength(2)
  expect(await sql`select from ops where id in ${sql([op.id, more.id])}`).toHaveLength(2)
})
