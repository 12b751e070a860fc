import { expect, setDefaultTimeout, test } from "bun:test"
import { newAccount, type SignedIn, signIn, testApp } from "../testing/app.ts"
import { readStream, tells } from "../testing/event-stream.ts"

setDefaultTimeout(30_000)

const docket = await testApp()
const { sql, streams } = docket.dependencies

const follow = async (person: SignedIn) => readStream(await person.request("GET", "/api/events"))
const inboxOf = async ({ accountId }: SignedIn): Promise<string> => {
  const [inbox] = await sql<{ id: string }[]>`
    select lists.id from lists join memberships on memberships.space_id = lists.id
    where memberships.account_id = ${accountId} and is_inbox`
  return inbox!.id
}
const SPACES = { event: "spaces", data: {} }
const join = (spaceId: string, accountId: string) => sql`
  insert into memberships (space_id, account_id, role, position, rev)
  values (${spaceId}, ${accountId}, 'editor', 'a5', 1)`

test("a stream begins with the epoch and with every space and its rev", async () => {
  const ann = await signIn(docket)
  const answer = await ann.request("GET", "/api/events")
  expect(answer.headers.get("Content-Type")).toBe("text/event-stream")
  expect(answer.headers.get("Cache-Control")).toBe("no-store, no-transform")
  const stream = readStream(answer)
  await stream.until(tells(ann.accountId))
  const [{ epoch }] = await sql<[{ epoch: string }]>`select id as epoch from epoch`
  expect(stream.events[0]).toEqual({ event: "hello", data: { epoch } })
  expect(stream.events.slice(1).map(({ data }) => data.space)).toEqual(
    expect.arrayContaining([ann.accountId, await inboxOf(ann)]),
  )
  expect(stream.events).toHaveLength(3)
  expect(stream.retry()).toBeGreaterThanOrEqual(1000)
  await stream.close()
})

test("a change is told to whoever is a member, and to no one else; it carries no data", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  const [anns, bens] = [await follow(ann), await follow(ben)]
  const created = await ann.request("POST", "/api/todos", { body: { title: "Secret" } })
  const { listId, rev } = await created.json()
  expect(await anns.until(tells(listId, rev))).toEqual({ event: "change", data: { space: listId, rev } })
  await streams.lookAtAll()
  expect(bens.events.filter(tells(listId))).toEqual([])
  await Promise.all([anns.close(), bens.close()])
})

test("a write that is rolled back is not told", async () => {
  const ann = await signIn(docket)
  const stream = await follow(ann)
  const listId = await inboxOf(ann)
  const { createTodo } = await import("../todos/queries.ts")
  const failed = sql.begin(async (sql) => {
    await createTodo(sql, ann.accountId, { title: "Never" })
    throw new Error("no")
  })
  await expect(failed).rejects.toThrow("no")
  const before = stream.events.filter(tells(listId)).length
  await Bun.sleep(100)
  expect(stream.events.filter(tells(listId))).toHaveLength(before)
  await stream.close()
})

test("a new list, a new membership and the end of one are told", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  const [anns, bens] = [await follow(ann), await follow(ben)]
  const list = await (await ann.request("POST", "/api/lists", { body: { name: "Garden" } })).json()
  expect(await anns.until(({ event }) => event === "spaces")).toEqual(SPACES)

  await join(list.id, ben.accountId)
  await streams.lookAtAll()
  expect(bens.events.at(-1)).toEqual(SPACES)
  await ann.request("POST", "/api/todos", { body: { title: "Dig", listId: list.id } })
  expect(await bens.until(tells(list.id, 2))).not.toBeNull()

  await sql`delete from memberships where space_id = ${list.id} and account_id = ${ben.accountId}`
  await streams.lookAtAll()
  expect(
    await bens.until(() => bens.events.filter(({ event }) => event === "spaces").length === 2),
  ).not.toBeNull()
  await ann.request("POST", "/api/todos", { body: { title: "Sow", listId: list.id } })
  expect(await anns.until(tells(list.id, 3))).not.toBeNull()
  expect(bens.events.at(-1)).toEqual(SPACES)
  await Promise.all([anns.close(), bens.close()])
})

test("a membership that comes or goes unannounced is told within seconds", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  const stream = await follow(ben)
  const listId = await inboxOf(ann)
  await join(listId, ben.accountId)
  const toldTimes = (times: number) =>
    stream.until(() => stream.events.filter(({ event }) => event === "spaces").length === times, 9)
  expect(await toldTimes(1)).not.toBeNull()
  await sql`delete from memberships where space_id = ${listId} and account_id = ${ben.accountId}`
  expect(await toldTimes(2)).not.toBeNull()
  await stream.close()
})

test("a stream ends within seconds when the session does, and the account's other streams stay", async () => {
  const ann = await signIn(docket)
  const phone = await signIn(docket, ann.accountId)
  const [anns, phones] = [await follow(ann), await follow(phone)]
  await ann.request("DELETE", `/api/sessions/${phone.sessionId}`)
  await phones.ended
  expect(phones.events.at(-1)).toEqual({
    event: "bye",
    data: { reason: "signed-out", retryMs: expect.any(Number) },
  })
  const { listId } = await (await ann.request("POST", "/api/todos", { body: { title: "Here" } })).json()
  expect(await anns.until(tells(listId, 2))).not.toBeNull()
  await anns.close()
})

test("a stream ends when the account is deleted", async () => {
  const ann = await signIn(docket)
  const stream = await follow(ann)
  const { deleteAccount } = await import("../accounts/queries.ts")
  await sql.begin((sql) => deleteAccount(sql, ann.accountId))
  await stream.ended
  expect(stream.events.at(-1)!.data).toMatchObject({ reason: "signed-out" })
})

test("without a token, or with one of a session that is over, there is no stream", async () => {
  const ann = await signIn(docket)
  expect((await docket.request("GET", "/api/events")).status).toBe(401)
  expect((await docket.request("GET", `/api/events?token=${ann.token}`)).status).toBe(401)
  await sql`update sessions set ended_at = now() where id = ${ann.sessionId}`
  const refused = await ann.request("GET", "/api/events")
  expect(refused.status).toBe(401)
  expect(refused.headers.get("Content-Type")).toBe("application/problem+json")
})

test("streams that are opened at once are looked up at once", async () => {
  const people = await Promise.all(Array.from({ length: 40 }, () => signIn(docket)))
  const opened = await Promise.all(people.map(follow))
  await Promise.all(
    opened.map((stream, n) =>
      stream.until(tells(people[n]!.accountId)).then((seen) => expect(seen).not.toBeNull()),
    ),
  )
  await Promise.all(opened.map((stream) => stream.close()))
})

test("an account's 51st stream ends its first", async () => {
  const ann = await signIn(docket)
  const opened = []
  for (let n = 0; n < 51; n += 1) opened.push(await follow(ann))
  await opened[0]!.ended
  expect(opened[0]!.events.at(-1)).toEqual({
    event: "bye",
    data: { reason: "superseded", retryMs: expect.any(Number) },
  })
  expect(opened[0]!.retry()).toBe(60_000)
  await ann.request("POST", "/api/todos", { body: { title: "To fifty" } })
  const listId = await inboxOf(ann)
  for (const stream of opened.slice(1)) expect(await stream.until(tells(listId, 2))).not.toBeNull()
  await Promise.all(opened.slice(1).map((stream) => stream.close()))
})

test("a closed stream is forgotten, one that nobody reads is ended", async () => {
  const ann = await signIn(docket)
  const before = streams.count
  const stream = await follow(ann)
  expect(streams.count).toBe(before + 1)
  await stream.close()
  expect(streams.count).toBe(before)
  await ann.request("GET", "/api/events")
  const listId = await inboxOf(ann)
  for (let rev = 1000; rev < 8000; rev += 1)
    streams.hear({ spaces: new Map([[listId, rev]]), accounts: new Set() })
  expect(streams.count).toBe(before)
})

test("every stream gets a heartbeat", async () => {
  const stream = await follow(await signIn(docket))
  for (let second = 0; second < 25; second += 1) await streams.tick()
  await stream.until(() => stream.heartbeats() > 0)
  expect(stream.heartbeats()).toBe(1)
  await stream.close()
})

test("a space that a thousand follow is told of at most ten times a second, and always of its latest rev", async () => {
  const owner = await signIn(docket)
  const listId = await inboxOf(owner)
  const people = []
  for (let n = 0; n < 100; n += 1) people.push(await newAccount(docket))
  for (const accountId of people) await join(listId, accountId)
  const opened = await Promise.all((await Promise.all(people.map((id) => signIn(docket, id)))).map(follow))
  const [first] = opened
  const already = first!.events.filter(tells(listId)).length
  for (let rev = 100; rev <= 300; rev += 1)
    streams.hear({ spaces: new Map([[listId, rev]]), accounts: new Set() })
  expect(await first!.until(tells(listId, 300))).not.toBeNull()
  expect(first!.events.filter(tells(listId)).length - already).toBe(2)
  await Promise.all(opened.map((stream) => stream.close()))
})

test("another epoch sends every stream away, to come again", async () => {
  const stream = await follow(await signIn(docket))
  await stream.until(({ event }) => event === "hello")
  await sql`update epoch set id = gen_random_uuid()`
  await streams.lookAtAll()
  await stream.ended
  expect(stream.events.at(-1)).toEqual({
    event: "bye",
    data: { reason: "restart", retryMs: expect.any(Number) },
  })
  const again = await follow(await signIn(docket))
  expect((await again.until(({ event }) => event === "hello"))?.data).not.toEqual(stream.events[0]!.data)
  await again.close()
})
