import { expect, test } from "bun:test"
import type { Page } from "playwright"
import type { Arrival, Commit, Queued, SeenFirst } from "../src/sync/disk.ts"
import type { Entry, List, Todo } from "../src/sync/rows.ts"
import { startEnginePage } from "./engine-page.ts"
import { eventually } from "./eventually.ts"

const newDevice = await startEnginePage()
const NAME = "docket-someone"

declare global {
  var disk: Awaited<ReturnType<typeof parts.indexedDisk>>
}

const open = (page: Page) =>
  page.evaluate(async (name) => {
    globalThis.disk = await parts.indexedDisk(name)
  }, NAME)
const mend = (page: Page) =>
  page.evaluate(async (name) => {
    globalThis.disk = await parts.mendDisk(name)
  }, NAME)
const load = (page: Page) => page.evaluate(() => disk.load())
const commit = (page: Page, commit: Commit) => page.evaluate((commit) => disk.commit(commit), commit)
const ids = (page: Page, rest: boolean) =>
  page.evaluate(async (rest) => (await disk.rows(rest)).map(({ row }) => row.id), rest)
/** What `doing` is refused with. */
const refusal = (doing: Promise<unknown>): Promise<string> =>
  doing.then(
    () => "none",
    (error) => String(error),
  )

/** Puts something into a store behind the engine's back. */
const put = (page: Page, store: string, key: string, value: unknown) =>
  page.evaluate(
    async ([name, store, key, value]) => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => resolve(opening.result)
      })
      const transaction = db.transaction(store, "readwrite")
      transaction.objectStore(store).put(value, key)
      await new Promise((resolve) => {
        transaction.oncomplete = resolve
      })
      db.close()
    },
    [NAME, store, key, value] as const,
  )
/** Makes the database of another version, with these stores. */
const make = (page: Page, version: number, stores: string[]) =>
  page.evaluate(
    ([name, version, stores]) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open(name, version)
        opening.onupgradeneeded = () => {
          for (const store of stores)
            if (!opening.result.objectStoreNames.contains(store)) opening.result.createObjectStore(store)
        }
        opening.onsuccess = () => {
          opening.result.close()
          resolve()
        }
      }),
    [NAME, version, stores] as const,
  )
/** Holds the database as a tab does that the browser put to sleep: it does not let go when it is asked to. */
const hold = (page: Page) =>
  page.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => {
          Object.assign(globalThis, { held: opening.result })
          resolve()
        }
      }),
    NAME,
  )

const op = (id: string, place = 1, more: Partial<Queued> = {}): Queued => ({
  op: { id, entity: "todo", key: `todo-${id}`, fields: { title: id } },
  version: 1,
  place,
  madeAt: 0,
  ...more,
})
const todo = (id: string, listId: string, more: Partial<Todo> = {}): Entry => ({
  entity: "todo",
  row: { id, listId, title: id, completedAt: null, trashedAt: null, rev: 1, ...more } as Todo,
})
const list = (id: string): Entry => ({ entity: "list", row: { id, name: id, rev: 1 } as List })
const arrival = (after: number, more: Partial<Arrival & { moved: never[] }> = {}) => ({
  after,
  epoch: "one",
  cursor: {},
  clear: [],
  rows: [],
  gone: [],
  moved: [],
  ...more,
})

test("what is committed is there for the next tab", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  await open(page)
  expect(await load(page)).toEqual({ generation: 0, epoch: null, cursor: {}, queue: [] })
  await commit(page, {
    queue: [op("a"), op("b")],
    arrival: arrival(0, {
      cursor: { garden: "3", kitchen: "7" },
      rows: [
        list("garden"),
        todo("open", "garden"),
        todo("done", "garden", { completedAt: "2026-01-01T00:00:00.000Z" }),
        todo("trashed", "garden", { trashedAt: "2026-01-01T00:00:00.000Z" }),
      ],
    }),
  })
  await commit(page, { unqueue: ["a"], queue: [op("b", 1, { attemptedAt: 5 })] })
  await page.close()
  const other = await device.newTab()
  await open(other)
  expect(await load(other)).toEqual({
    generation: 1,
    epoch: "one",
    cursor: { garden: "3", kitchen: "7" },
    queue: [op("b", 1, { attemptedAt: 5 })],
  })
  expect(await ids(other, false)).toEqual(["garden", "open"])
  expect(await ids(other, true)).toEqual(["done", "trashed"])
})

test("a todo is in one place: completed, opened, moved, gone; a space goes as a whole", async () => {
  const page = await (await newDevice()).newTab()
  await open(page)
  const rows = [
    list("garden"),
    list("kitchen"),
    todo("a", "garden"),
    todo("b", "garden"),
    todo("c", "kitchen"),
  ]
  await commit(page, { arrival: arrival(0, { rows, cursor: { garden: "1", kitchen: "1" } }) })
  const completed = todo("a", "garden", { completedAt: "2026-01-01T00:00:00.000Z" })
  const moved = ["a", "b"].map((key) => ({ entity: "todo", space: "garden", key }))
  await commit(page, {
    arrival: { ...arrival(1, { rows: [completed, todo("b", "kitchen")] }), moved } as Commit["arrival"],
  })
  expect(await ids(page, false)).toEqual(["garden", "kitchen", "b", "c"])
  expect(await ids(page, true)).toEqual(["a"])
  const gone = [{ entity: "todo" as const, space: "garden", key: "a", rev: 3 }]
  await commit(page, { arrival: arrival(2, { gone, rows: [todo("d", "garden")] }) })
  expect(await ids(page, true)).toEqual([])
  await commit(page, { arrival: arrival(3, { clear: ["kitchen"], cursor: { garden: "9" } }) })
  expect(await ids(page, false)).toEqual(["garden", "d"])
  expect(await load(page)).toMatchObject({ cursor: { garden: "9" }, generation: 4 })
  await commit(page, { queue: [op("x")], arrival: arrival(4, { clear: true, epoch: "two" }) })
  expect(await ids(page, false)).toEqual([])
  expect(await load(page)).toMatchObject({ cursor: {}, epoch: "two", queue: [op("x")] })
})

test("the beginning of a list: its first open todos in their order, and all that is no todo", async () => {
  const page = await (await newDevice()).newTab()
  await open(page)
  const place = (n: number) => `a${String(n).padStart(3, "0")}`
  const inbox = list("inbox")
  Object.assign(inbox.row, { isInbox: true })
  const many = Array.from({ length: 70 }, (_, n) => todo(`t${n}`, "garden", { position: place(69 - n) }))
  const rows = [
    list("garden"),
    inbox,
    ...many,
    todo("done", "garden", { position: "a", completedAt: "2026-01-01T00:00:00.000Z" }),
    todo("second", "inbox", { position: "b" }),
    todo("first", "inbox", { position: "a" }),
    // An id and a list's that another's begins with.
    todo("other", "garden-2", { position: "a" }),
  ]
  await commit(page, { arrival: arrival(0, { rows }) })
  const head = (first: SeenFirst) =>
    page.evaluate(async (first) => (await disk.head!(first)).map(({ row }) => row.id), first)
  const things = ["garden", "inbox"]
  expect(await head("garden")).toEqual([...things, ...Array.from({ length: 60 }, (_, n) => `t${69 - n}`)])
  expect(await head({ inbox: true })).toEqual([...things, "first", "second"])
  expect(await head("unknown")).toEqual(things)
  // Where there is no Inbox yet.
  await commit(page, { arrival: arrival(1, { clear: ["inbox"] }) })
  expect(await head({ inbox: true })).toEqual(["garden"])
  // What moves within its list is where it is now.
  await commit(page, { arrival: arrival(2, { rows: [todo("t0", "garden", { position: "a" })] }) })
  expect((await head("garden")).slice(0, 3)).toEqual(["garden", "t0", "t69"])
})

test("a database that was opened ahead is the one that is used, once, and lets go when it has to", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  await page.evaluate(() => {
    const { open } = indexedDB
    Object.assign(globalThis, { openings: 0 })
    indexedDB.open = (...given) => {
      ;(globalThis as unknown as { openings: number }).openings += 1
      return open.apply(indexedDB, given)
    }
    parts.beginOpening("someone")
  })
  const openings = () => page.evaluate(() => (globalThis as unknown as { openings: number }).openings)
  await open(page)
  expect(await openings()).toBe(1)
  await commit(page, { queue: [op("a")] })
  await page.evaluate(() => disk.close())
  await open(page)
  expect(await openings()).toBe(2)
  expect(await load(page)).toMatchObject({ queue: [op("a")] })
  await page.evaluate(async () => {
    disk.close()
    parts.beginOpening("someone")
    // Until it is there, and nobody asked for it.
    await parts.indexedDisk("docket-another")
  })
  const other = await device.newTab()
  await make(other, 3, ["news"])
  await open(page)
  expect(await load(page)).toMatchObject({ queue: [op("a")] })
})

test("an arrival that another tab overtook is not written, nor is anything else of its commit", async () => {
  const device = await newDevice()
  const [one, two] = [await device.newTab(), await device.newTab()]
  await open(one)
  await open(two)
  await commit(one, { arrival: arrival(0, { rows: [todo("a", "garden")] }) })
  const overtaken = await two.evaluate(
    (commit) =>
      disk.commit(commit).then(
        () => "written",
        (error) => error.constructor.name,
      ),
    { queue: [op("x")], arrival: arrival(0, { rows: [todo("b", "garden")] }) },
  )
  expect(overtaken).toBe("Overtaken")
  expect(await load(two)).toMatchObject({ generation: 1, queue: [] })
  expect(await ids(two, false)).toEqual(["a"])
})

test("an entry that cannot be read is found, and mending keeps all others and begins anew otherwise", async () => {
  const page = await (await newDevice()).newTab()
  await open(page)
  await commit(page, {
    queue: [op("a"), op("b", 2)],
    arrival: arrival(0, { rows: [list("garden"), todo("t", "garden")], cursor: { garden: "1" } }),
  })
  for (const [n, rubbish] of ["rubbish", null, { version: 1 }, { version: 1, place: 2, op: {} }].entries())
    await put(page, "outbox", `broken${n}`, rubbish)
  expect(await refusal(load(page))).toContain("The outbox cannot be read")
  await mend(page)
  expect(await load(page)).toEqual({ generation: 0, epoch: null, cursor: {}, queue: [op("a"), op("b", 2)] })
  expect([...(await ids(page, false)), ...(await ids(page, true))]).toEqual([])
  await commit(page, { arrival: arrival(0, { rows: [list("garden")] }) })
  expect(await ids(page, false)).toEqual(["garden"])
})

test("a database of the version before keeps what it holds, and gets what is new", async () => {
  const page = await (await newDevice()).newTab()
  await make(page, 1, ["outbox", "cursors", "facts", "things", "open", "rest"])
  await put(page, "outbox", "a", op("a"))
  await open(page)
  expect(await load(page)).toMatchObject({ queue: [op("a")] })
  await commit(page, {
    arrival: arrival(0, { rows: [list("garden"), todo("t", "garden", { position: "a0" })] }),
  })
  const head = await page.evaluate(() => disk.head!("garden"))
  expect(head.map(({ row }) => row.id)).toEqual(["garden", "t"])
})

test("a database that lacks a store is made anew, with the outbox it had", async () => {
  const page = await (await newDevice()).newTab()
  await make(page, 2, ["outbox", "cursors"])
  await put(page, "outbox", "a", op("a"))
  await open(page)
  expect(await refusal(load(page))).toContain("NotFoundError")
  await mend(page)
  expect(await load(page)).toMatchObject({ queue: [op("a")] })
  await commit(page, { arrival: arrival(0, { rows: [list("garden")] }) })
  expect(await ids(page, false)).toEqual(["garden"])
})

test("an entry that a later version wrote is kept as it is, through mending too", async () => {
  const page = await (await newDevice()).newTab()
  await open(page)
  const later = { version: 2, place: 3, wish: { of: "a form unknown here" }, op: { id: "later" } }
  await commit(page, { queue: [op("a")] })
  await put(page, "outbox", "later", later)
  expect(await load(page)).toMatchObject({ queue: [op("a"), later] })
  await put(page, "outbox", "broken", "rubbish")
  await mend(page)
  expect(await load(page)).toMatchObject({ queue: [op("a"), later] })
})

test("a database of a later version lends its outbox, and its rows are neither read nor touched", async () => {
  const page = await (await newDevice()).newTab()
  await make(page, 7, ["outbox", "cursors", "facts", "things", "open", "rest", "news"])
  await put(page, "outbox", "a", op("a"))
  await put(page, "cursors", "garden", "12")
  await put(page, "facts", "epoch", "one")
  await put(page, "open", "t", { form: "unknown here" })
  await open(page)
  expect(await load(page)).toEqual({ generation: 0, epoch: null, cursor: {}, queue: [op("a")] })
  expect(await ids(page, false)).toEqual([])
  await commit(page, {
    unqueue: ["a"],
    queue: [op("b")],
    arrival: arrival(0, { rows: [list("kitchen")], clear: true }),
  })
  expect(await load(page)).toMatchObject({ cursor: {}, queue: [op("b")] })
  const left = await page.evaluate(
    (name) =>
      new Promise((resolve) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => {
          const all = opening.result.transaction("open").objectStore("open").getAll()
          all.onsuccess = () => resolve([opening.result.version, all.result])
        }
      }),
    NAME,
  )
  expect(left).toEqual([7, [{ form: "unknown here" }]])
})

test("a tab lets go of the database when a later version needs it, and goes on after", async () => {
  const device = await newDevice()
  const [old, later] = [await device.newTab(), await device.newTab()]
  await open(old)
  await commit(old, { queue: [op("a")] })
  await make(later, 3, ["news"])
  await commit(old, { queue: [op("b", 2)] })
  expect(await load(old)).toMatchObject({ queue: [op("a"), op("b", 2)] })
})

test("mending goes on while another tab holds the database and sleeps", async () => {
  const device = await newDevice()
  const [asleep, page] = [await device.newTab(), await device.newTab()]
  await open(page)
  await commit(page, { queue: [op("a")] })
  await hold(asleep)
  await put(page, "outbox", "broken", "rubbish")
  await mend(page)
  expect(await load(page)).toMatchObject({ queue: [op("a")] })
})

test("where it would have to be deleted and another tab holds it, mending gives up, and loses nothing once it can be", async () => {
  const device = await newDevice()
  const [asleep, page] = [await device.newTab(), await device.newTab()]
  await make(page, 2, ["outbox"])
  await put(page, "outbox", "a", op("a"))
  await hold(asleep)
  expect(
    await page.evaluate(
      (name) =>
        parts.mendDisk(name).then(
          () => "mended",
          (error) => error.constructor.name,
        ),
      NAME,
    ),
  ).toBe("Unavailable")
  await asleep.close()
  await eventually(
    page,
    async (name) => {
      const disk = await parts.indexedDisk(name)
      const { queue } = await disk.load()
      disk.close()
      return queue.length === 1 && queue[0]!.op.id === "a"
    },
    NAME,
  )
})

test("an upgrade that another tab holds up is waited for a while, and given up without harm", async () => {
  const device = await newDevice()
  const [asleep, page] = [await device.newTab(), await device.newTab()]
  await open(page)
  await commit(page, { queue: [op("a")] })
  await page.evaluate(() => disk.close())
  await hold(asleep)
  // What holds up is under way for good: every later opening waits for it.
  await page.evaluate((name) => void indexedDB.open(name, 9), NAME)
  const other = await device.newTab()
  expect(
    await other.evaluate(
      (name) =>
        parts.indexedDisk(name).then(
          () => "open",
          (error) => error.constructor.name,
        ),
      NAME,
    ),
  ).toBe("Unavailable")
  await page.close()
  await asleep.close()
  await open(other)
  expect(await load(other)).toMatchObject({ queue: [op("a")] })
})

test("a full disk is an error, writes nothing of the commit, and loses nothing that was there", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  // Before anything is written: the browser believes what it knows of free space for half a minute.
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 })
  await open(page)
  await commit(page, { queue: [op("a")] })
  const notes = "x".repeat(20_000)
  const big = Array.from({ length: 100 }, (_, n) => todo(`t${n}`, "garden", { notes }))
  const failed = await page.evaluate(
    (commit) =>
      disk.commit(commit).then(
        () => "written",
        (error) => error.name,
      ),
    { queue: [op("b", 2)], arrival: arrival(0, { rows: big }) },
  )
  expect(failed).toBe("QuotaExceededError")
  expect(await load(page)).toMatchObject({ generation: 0, queue: [op("a")] })
  expect(await ids(page, false)).toEqual([])
  await session.send("Storage.overrideQuotaForOrigin", { origin })
  await commit(page, { queue: [op("b", 2)], arrival: arrival(0, { rows: big }) })
  expect(await load(page)).toMatchObject({ generation: 1, queue: [op("a"), op("b", 2)] })
})
