import { expect, test } from "bun:test"
import { SyncLimit } from "../../../server/sync/sync-limit.ts"
import { ApiProblem, NetworkFailure } from "../api/problem.ts"
import { createBackground } from "./background.ts"
import { type Commit, type Disk, type Queued, Unavailable } from "./disk.ts"
import { memoryDisk } from "./memory-disk.ts"
import type { Change, Todo } from "./rows.ts"
import { syncState, troublesOf } from "./state.ts"
import { createSync, type Sync } from "./sync.ts"
import { modelServer, refusal } from "./testing/model-server.ts"
import { sharedTabs } from "./testing/shared-tabs.ts"
import { virtualWorld } from "./testing/virtual-world.ts"

const DAY = 24 * 60 * 60_000

const add = (key: string, fields: Partial<Todo> = {}): Change => ({
  entity: "todo",
  key,
  fields: { listId: "inbox", title: key, position: key, ...fields },
  creates: true,
})
const edit = (key: string, fields: Partial<Todo>): Change => ({ entity: "todo", key, fields })

/** A device with a disk, on which tabs are opened, and a server. */
function device(world = virtualWorld(), server = modelServer(world), disk: Disk = durable(memoryDisk())) {
  const tabs = sharedTabs()
  const refused: Queued[][] = []
  const openTab = async (openDisk: (mend: boolean) => Promise<Disk> = async () => disk): Promise<Sync> => {
    const sync = createSync({
      world,
      tabs: tabs.newTab(),
      openDisk,
      memoryDisk: async () => memoryDisk(),
      loadBackground: async () => ({ createBackground, network: server.network }),
      onRefused: (queue) => refused.push(queue),
    })
    await sync.open()
    await world.settle()
    return sync
  }
  return { world, server, disk, openTab, refused, setAsleep: tabs.setAsleep }
}

/** A disk that takes nothing while it is `full`. */
function limitedDisk(): Disk & { full: boolean } {
  const inner = durable(memoryDisk())
  const disk = {
    ...inner,
    full: false,
    commit: (commit: Commit) => (disk.full ? Promise.reject(new Error("quota")) : inner.commit(commit)),
  }
  return disk
}

/** A disk that says what it holds only once the function that `holdLoads` returns is called. */
function slowDisk(inner: Disk): Disk & { holdLoads: () => () => void } {
  let until: Promise<void> | undefined
  return {
    ...inner,
    async load() {
      const held = await inner.load()
      await until
      return held
    },
    holdLoads() {
      const { promise, resolve } = Promise.withResolvers<void>()
      until = promise
      return () => {
        until = undefined
        resolve()
      }
    },
  }
}

const durable = (disk: Disk): Disk => ({ ...disk, durable: true })
const titles = (sync: Sync) => sync.openTodos("inbox").map((id) => sync.todo(id)!.title)

test("everything comes, page after page", async () => {
  const { server, openTab } = device()
  for (const key of ["a", "b", "c", "d", "e"]) server.write(add(key) as never)
  const sync = await openTab()
  expect(titles(sync)).toEqual(["a", "b", "c", "d", "e"])
  expect(sync.loaded()).toBe(true)
  expect(syncState(sync)).toBe("idle")
})

test("a change is seen at once, is on the disk, is on the server, and on another device", async () => {
  const here = device()
  const elsewhere = await device(here.world, here.server).openTab()
  const sync = await here.openTab()
  sync.mutate([add("a")])
  expect(titles(sync)).toEqual(["a"])
  expect(syncState(sync)).toBe("saving")
  await here.world.settle()
  expect(here.server.todo("a")?.title).toBe("a")
  expect(syncState(sync)).toBe("idle")
  expect(sync.todo("a")?.rev).toBeGreaterThan(0)
  expect(titles(elsewhere)).toEqual(["a"])
})

test("several changes are undone by what mutate returns", async () => {
  const { openTab, server, world } = device()
  const sync = await openTab()
  const undo = sync.mutate([
    { entity: "list", key: "l", fields: { name: "Work", position: "a0" }, creates: true },
    add("t", { listId: "l" }),
  ])
  expect(sync.openTodos("l")).toEqual(["t"])
  sync.mutate(undo)
  expect(sync.openTodos("l")).toEqual([])
  expect(sync.lists()).toEqual([])
  await world.settle()
  expect(server.todo("t")?.trashedAt).toBeString()
})

test("a server that refuses is told of as one that fails; what answers in its place, as no connection", async () => {
  const { world, server, openTab } = device()
  const sync = await openTab()
  server.fail(new ApiProblem(403, "origin-not-allowed"))
  sync.mutate([add("a")])
  await world.pass(5_000)
  expect(troublesOf(sync)).toEqual(["failing"])
  for (const status of [403, 404, 502]) {
    server.fail(new ApiProblem(status, ""))
    await world.pass(60_000)
    expect(syncState(sync)).toBe("offline")
  }
  expect(sync.unanswered()).toBe(1)
  server.fail(null)
  await world.pass(600_000)
  expect(syncState(sync)).toBe("idle")
  expect(server.todo("a")).toBeDefined()
})

test("what was done offline is there after the page is opened again, and is sent when there is a network", async () => {
  const { world, server, openTab } = device()
  server.write(add("a") as never)
  const before = await openTab()
  server.fail(new NetworkFailure())
  before.mutate([add("b"), edit("a", { completedAt: "2026-01-01T00:00:00.000Z" })])
  await world.pass(5_000)
  expect(syncState(before)).toBe("offline")
  expect(before.unanswered()).toBe(2)
  before.stop()
  const after = await openTab()
  expect(titles(after)).toEqual(["b"])
  expect(after.completedTodos("inbox")).toEqual(["a"])
  server.fail(null)
  after.refresh()
  await world.settle()
  expect(server.todo("b")?.title).toBe("b")
  expect(syncState(after)).toBe("idle")
})

test("an answer that is lost after it was given: the same op is sent again, and not done twice", async () => {
  const { world, server, openTab } = device()
  const sync = await openTab()
  server.loseAnswers(true)
  sync.mutate([add("a", { title: "mine" })])
  await world.settle()
  server.write(edit("a", { title: "theirs" }) as never)
  server.loseAnswers(false)
  await world.pass(60_000)
  expect(server.todo("a")?.title).toBe("theirs")
  expect(titles(sync)).toEqual(["theirs"])
  const sent = server.requests.flatMap(({ ops }) => ops.map(({ id }) => id))
  expect(sent.length).toBeGreaterThan(1)
  expect(new Set(sent).size).toBe(1)
})

test("rows from the server do not undo what it has not answered", async () => {
  const { world, server, openTab } = device()
  const sync = await openTab()
  sync.mutate([add("a")])
  await world.settle()
  server.fail(refusal(401, "unauthenticated"))
  sync.mutate([edit("a", { title: "mine" })])
  await world.settle()
  server.fail(null)
  server.write(edit("a", { title: "theirs", priority: "high" }) as never)
  sync.refresh()
  expect(sync.todo("a")).toMatchObject({ title: "mine" })
  await world.settle()
  expect(sync.todo("a")).toMatchObject({ title: "mine", priority: "high" })
})

test("what is refused goes back with what needs it, and is kept: to try again, or to give up", async () => {
  const { world, server, openTab, refused } = device()
  const sync = await openTab()
  sync.mutate([add("a", { title: "" }), edit("a", { priority: "high" }), add("b")])
  await world.settle()
  expect(titles(sync)).toEqual(["b"])
  expect(refused.flat().map(({ op }) => op.key)).toEqual(["a", "a"])
  expect(syncState(sync)).toBe("problem")
  expect(sync.refused().map(({ problem }) => problem?.code)).toEqual(["invalid", "not-found"])
  sync.stop()
  const again = await openTab()
  const [creation, change] = again.refused()
  expect(creation!.op.fields).toMatchObject({ listId: "inbox" })
  again.tryAgain([creation!])
  expect(again.todo("a")?.title).toBe("")
  await world.settle()
  expect(server.requests.at(-1)!.ops[0]!.id).not.toBe(creation!.op.id)
  expect(again.refused()).toHaveLength(2)
  again.discard([change!, ...again.refused()])
  await world.settle()
  expect(again.refused()).toEqual([])
  expect(syncState(again)).toBe("idle")
})

test("signed out it keeps what it has, and goes on when the person is back", async () => {
  const { world, server, openTab } = device()
  const sync = await openTab()
  server.fail(refusal(401, "unauthenticated"))
  sync.mutate([add("a")])
  await world.pass(DAY)
  expect(syncState(sync)).toBe("signed-out")
  const asked = server.requests.length
  sync.mutate([add("b")])
  await world.pass(DAY)
  expect(server.requests.length).toBe(asked)
  server.fail(null)
  sync.refresh()
  await world.settle()
  expect(server.rows().map(({ id }) => id)).toEqual(["inbox", "a", "b"])
})

test("it waits as long as the server asks", async () => {
  const { world, server, openTab } = device()
  const sync = await openTab()
  server.fail(refusal(429, "too-many-requests", 100))
  sync.mutate([add("a")])
  await world.settle()
  const asked = server.requests.length
  server.fail(null)
  await world.pass(99_000)
  expect(server.requests.length).toBe(asked)
  await world.pass(3_000)
  expect(server.todo("a")).toBeDefined()
})

test("one op that fails a whole request is found, and kept; the others go on", async () => {
  const { world, server, openTab } = device()
  server.fail(new NetworkFailure())
  const sync = await openTab()
  sync.mutate(["a", "b", "c", "d"].map((key) => add(key)))
  const { post } = server.network
  server.network.post = (request) =>
    request.ops.some(({ key }) => key === "c") ? Promise.reject(refusal(400, "malformed")) : post(request)
  server.fail(null)
  await world.pass(60_000)
  expect(server.rows().map(({ id }) => id)).toEqual(["inbox", "a", "b", "d"])
  expect(sync.refused().map(({ op, problem }) => [op.key, problem?.code])).toEqual([["c", "malformed"]])
})

test("what left its space leaves, what was purged goes, what the account left goes", async () => {
  const { world, server, openTab } = device()
  const sync = await openTab()
  sync.mutate([
    { entity: "list", key: "l", fields: { name: "l" }, creates: true },
    add("a", { listId: "l" }),
    add("b"),
    add("c"),
  ])
  await world.settle()
  server.write(edit("a", { listId: "inbox" }) as never)
  server.purge("b")
  sync.refresh()
  await world.settle()
  expect(sync.openTodos("l")).toEqual([])
  expect(titles(sync)).toEqual(["a", "c"])
  server.leave("l")
  sync.refresh()
  await world.settle()
  expect(sync.list("l")).toBeUndefined()
})

test("a server that went back in time: what it had done is done again, then what it never answered is sent", async () => {
  const { world, server, openTab, disk } = device()
  const sync = await openTab()
  sync.mutate([add("a")])
  await world.settle()
  const backup = server.backUp()
  sync.mutate([add("b"), edit("a", { title: "later" })])
  await world.settle()
  server.loseAnswers(true)
  sync.mutate([edit("a", { title: "latest" }), add("c")])
  await world.settle()
  server.loseAnswers(false)
  server.restore(backup)
  await world.pass(60_000)
  expect(titles(sync)).toEqual(["latest", "b", "c"])
  expect(server.todo("b")).toBeDefined()
  expect(server.todo("a")?.title).toBe("latest")
  expect(syncState(sync)).toBe("idle")
  expect(sync.atRisk()).toBe(0)

  await world.pass(2 * DAY)
  sync.refresh()
  await world.settle()
  expect((await disk.load()).queue).toEqual([])
})

test("an op that may have been sent long ago is not sent again by itself", async () => {
  const { world, server, openTab } = device()
  const sync = await openTab()
  server.loseAnswers(true)
  sync.mutate([add("a")])
  await world.settle()
  sync.stop()
  server.loseAnswers(false)
  await world.pass(100 * DAY)
  const later = await openTab()
  await world.settle()
  expect(later.refused().map(({ problem }) => problem?.code)).toEqual(["too-long-ago"])
  expect(server.requests.filter(({ ops }) => ops.length > 0)).toHaveLength(1)
})

test("one that was made long ago and never sent is", async () => {
  const { world, server, openTab } = device()
  server.fail(new NetworkFailure())
  const sync = await openTab()
  sync.mutate([add("a")])
  await world.settle()
  sync.stop()
  await world.pass(100 * DAY)
  server.fail(null)
  await openTab()
  await world.settle()
  expect(server.todo("a")).toBeDefined()
})

test("all tabs show the same, one talks to the server, and when it is closed the next does", async () => {
  const { world, server, openTab } = device()
  const [first, second] = [await openTab(), await openTab()]
  expect(first.leads()).toBe(true)
  expect(second.leads()).toBe(false)
  second.mutate([add("a")])
  await world.settle()
  expect(titles(first)).toEqual(["a"])
  expect(second.todo("a")?.rev).toBe(server.todo("a")!.rev)
  server.fail(new NetworkFailure())
  first.mutate([add("b")])
  second.mutate([add("c")])
  await world.settle()
  expect(titles(second)).toEqual(["a", "b", "c"])
  expect(syncState(second)).toBe("offline")
  first.stop()
  server.fail(null)
  await world.pass(60_000)
  expect(
    server
      .rows()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(["a", "b", "c", "inbox"])
  expect(syncState(second)).toBe("idle")
})

test("a disk that is full: it goes on, says so, and writes everything when there is room", async () => {
  const world = virtualWorld()
  const disk = limitedDisk()
  const { server, openTab } = device(world, modelServer(world), disk)
  const sync = await openTab()
  disk.full = true
  sync.mutate([add("a")])
  await world.settle()
  expect(server.todo("a")).toBeDefined()
  expect(troublesOf(sync)).toEqual(["disk"])
  server.fail(new NetworkFailure())
  sync.mutate([add("b")])
  await world.settle()
  expect(sync.atRisk()).toBe(1)
  disk.full = false
  await world.pass(6_000)
  expect(sync.atRisk()).toBe(0)
  expect(troublesOf(sync)).toEqual([])
  sync.stop()
  expect(titles(await openTab())).toEqual(["a", "b"])
})

test("what a full disk missed in one tab is written by the tab that leads next", async () => {
  const world = virtualWorld()
  const disk = limitedDisk()
  const { server, openTab } = device(world, modelServer(world), disk)
  const [first, second] = [await openTab(), await openTab()]
  disk.full = true
  first.mutate([add("a")])
  await world.settle()
  const third = await openTab()
  first.stop()
  disk.full = false
  await world.pass(10_000)
  for (const tab of [second, third]) tab.stop()
  server.fail(new NetworkFailure())
  const last = await openTab()
  expect(titles(last)).toEqual(["a"])
  expect(last.todo("a")?.rev).toBe(server.todo("a")!.rev)
})

/** Titles that the ops of all requests carry, in order. */
const sentTo = (server: ReturnType<typeof modelServer>) =>
  server.requests.flatMap(({ ops }) => ops.map(({ fields }) => (fields as Partial<Todo>).title))

for (const [disks, isFull] of [
  ["", [false, false]],
  [" to a full disk", [true, true]],
  [" to a disk that was full by the end", [false, true]],
] as const)
  test(`what was done${disks} while the tab that leads slept is sent before what is done later`, async () => {
    const world = virtualWorld()
    const disk = limitedDisk()
    const { server, openTab, setAsleep } = device(world, modelServer(world), disk)
    const [, second] = [await openTab(), await openTab()]
    second.mutate([add("a")])
    await world.settle()
    setAsleep(0, true)
    for (const [n, full] of isFull.entries()) {
      disk.full = full
      second.mutate([edit("a", { title: `while it slept ${n}` })])
      await world.settle()
    }
    expect(sentTo(server)).toEqual(["a"])
    setAsleep(0, false)
    second.mutate([edit("a", { title: "later" })])
    await world.pass(1_000)
    expect(sentTo(server)).toEqual(["a", "while it slept 0", "while it slept 1", "later"])
  })

test("what a third tab did while the tab that leads slept is sent before what is done upon it", async () => {
  const { world, server, openTab, setAsleep } = device()
  const [, second, third] = [await openTab(), await openTab(), await openTab()]
  setAsleep(0, true)
  third.mutate([add("a")])
  await world.settle()
  third.stop()
  setAsleep(0, false)
  second.mutate([edit("a", { title: "b" })])
  await world.pass(1_000)
  expect(sentTo(server)).toEqual(["a", "b"])
  expect(server.todo("a")?.title).toBe("b")
})

test("what only another tab holds is asked for by the one that leads once it wakes, and by the one after it", async () => {
  const world = virtualWorld()
  const disk = limitedDisk()
  const { server, openTab, setAsleep } = device(world, modelServer(world), disk)
  const [first, second, third] = [await openTab(), await openTab(), await openTab()]
  disk.full = true
  setAsleep(0, true)
  third.mutate([add("a")])
  await world.settle()
  expect(server.todo("a")).toBeUndefined()
  setAsleep(0, false)
  first.refresh()
  await world.settle()
  expect(server.todo("a")).toBeDefined()
  setAsleep(0, true)
  third.mutate([add("b")])
  await world.settle()
  expect(titles(second)).toEqual(["a", "b"])
  first.stop()
  await world.settle()
  expect(second.leads()).toBe(true)
  expect(server.todo("b")).toBeDefined()
})

test("a tab that did not hear all that a full disk did not take asks for it, and writes nothing with gaps", async () => {
  const world = virtualWorld()
  const disk = limitedDisk()
  const { server, openTab, setAsleep } = device(world, modelServer(world), disk)
  const first = await openTab()
  disk.full = true
  first.mutate([add("a")])
  await world.settle()
  setAsleep(0, true)
  const second = await openTab()
  setAsleep(0, false)
  expect(titles(second)).toEqual([])
  first.mutate([add("b")])
  await world.settle()
  expect(titles(second)).toEqual(["a", "b"])
  disk.full = false
  await world.pass(60_000)
  for (const sync of [first, second]) sync.stop()
  const last = await openTab()
  expect(titles(last)).toEqual(["a", "b"])
  expect(server.rows()).toHaveLength(3)
})

test("what cannot be read is fetched anew, and says so; what is not sent stays", async () => {
  const { world, server, openTab } = device()
  server.write(add("a") as never)
  const good = durable(memoryDisk())
  const waiting: Queued = { op: { ...add("b"), id: "op" }, version: 1, place: 1, madeAt: 1 }
  const sync = await openTab(async (mend) => {
    if (!mend) return { ...good, rows: () => Promise.reject(new Error("broken")) }
    await good.commit({ queue: [waiting] })
    return good
  })
  await world.settle()
  expect(titles(sync)).toEqual(["a", "b"])
  expect(server.todo("b")).toBeDefined()
  expect(troublesOf(sync)).toEqual(["mended"])
})

test("a disk that can no longer be read is mended while the page is open: what another tab wrote is sent", async () => {
  const { world, server, openTab, disk } = device()
  let broken = false
  const breakable: Disk = {
    ...disk,
    load: () => (broken ? Promise.reject(new Error("broken")) : disk.load()),
  }
  const sync = await openTab(async (mend) => {
    broken &&= !mend
    return breakable
  })
  // By a tab that was closed while this one was asleep, and did not hear of it.
  const op = { ...add("a"), id: "theirs" }
  await disk.commit({ queue: [{ op, version: 1, place: 1, madeAt: 1 }] })
  broken = true
  sync.refresh()
  await world.settle()
  expect(server.todo("a")).toBeDefined()
  expect(troublesOf(sync)).toEqual(["mended"])
})

test("a disk that is lost while the page is open gets what the page still holds of the outbox", async () => {
  const { server, openTab, world } = device()
  let disk = durable(memoryDisk())
  let broken = false
  const load = () => (broken ? Promise.reject(new Error("broken")) : disk.load())
  const sync = await openTab(async (mend) => {
    if (mend) disk = durable(memoryDisk())
    broken &&= !mend
    return { ...disk, load }
  })
  server.fail(new NetworkFailure())
  sync.mutate([add("a")])
  await world.pass(1_000)
  broken = true
  sync.refresh()
  await world.pass(1_000)
  expect(troublesOf(sync)).toEqual(["mended"])
  expect(sync.waiting().map(({ op }) => op.key)).toEqual(["a"])
  expect((await disk.load()).queue.map(({ op }) => op.key)).toEqual(["a"])
})

test("what is undone while a lost disk is not filled again is an edit, and goes as one", async () => {
  const { server, openTab, world } = device()
  server.write(add("a") as never)
  let broken = false
  const sync = await openTab(async (mend) => {
    if (mend) broken = false
    const disk = durable(memoryDisk())
    return { ...disk, load: () => (broken ? Promise.reject(new Error("broken")) : disk.load()) }
  })
  const undo = sync.mutate([edit("a", { title: "Changed" })])
  await world.settle()
  expect(server.todo("a")!.title).toBe("Changed")
  server.fail(new NetworkFailure())
  broken = true
  sync.refresh()
  await world.settle()
  expect(titles(sync)).toEqual([])
  sync.mutate(undo)
  server.fail(null)
  await world.pass(60_000)
  const op = server.requests.flatMap(({ ops }) => ops).at(-1)!
  expect([op.fields, op.creates]).toEqual([{ title: "a" }, undefined])
  expect(server.todo("a")!.title).toBe("a")
})

test("what is told while the disk is read is not undone by what the disk held before", async () => {
  const { world, server, openTab, disk } = device()
  await openTab()
  const slow = slowDisk(disk)
  const second = await openTab(async () => slow)
  server.fail(new NetworkFailure())
  second.mutate([add("a")])
  await world.settle()
  server.fail(null)
  const goOn = slow.holdLoads()
  second.refresh()
  await world.settle()
  expect(server.todo("a")).toBeDefined()
  goOn()
  await world.settle()
  expect(second.unanswered()).toBe(0)
})

test("what is given up while the disk is read does not come back", async () => {
  const { world, openTab, disk } = device()
  const slow = slowDisk(disk)
  const sync = await openTab(async () => slow)
  sync.mutate([add("a", { title: "" })])
  await world.settle()
  const goOn = slow.holdLoads()
  sync.refresh()
  await world.settle()
  sync.discard(sync.refused())
  goOn()
  await world.settle()
  expect(sync.refused()).toEqual([])
  expect((await disk.load()).queue).toEqual([])
})

test("an answer to what was asked before another tab began anew is void, and everything is asked for", async () => {
  const { world, server, openTab } = device()
  let disk = durable(memoryDisk())
  let broken = false
  const openDisk = async (mend: boolean): Promise<Disk> => {
    if (mend) {
      disk = durable(memoryDisk())
      broken = false
    }
    if (broken) throw new Error("broken")
    return disk
  }
  server.write(add("a") as never)
  const first = await openTab(openDisk)
  const release = server.holdAnswers()
  first.mutate([add("b")])
  await world.settle()
  broken = true
  const second = await openTab(openDisk)
  expect(second.mended()).toBe(true)
  release()
  await world.pass(60_000)
  for (const sync of [first, second]) {
    expect(sync.inboxId()).toBe("inbox")
    expect(titles(sync)).toEqual(["a", "b"])
  }
  expect((await disk.rows(false)).map(({ row }) => row.id).sort()).toEqual(["a", "b", "inbox"])
})

test("without storage it works for as long as the page is open, and says so", async () => {
  const { world, server, openTab } = device()
  const sync = await openTab(() => Promise.reject(new Error("blocked")))
  sync.mutate([add("a")])
  await world.settle()
  expect(server.todo("a")).toBeDefined()
  expect(troublesOf(sync)).toEqual(["not-kept"])
})

test("a disk that cannot be had now is left alone, and the page goes on without", async () => {
  const { world, server, openTab } = device()
  const mended: boolean[] = []
  const sync = await openTab(async (mend) => {
    mended.push(mend)
    throw new Unavailable()
  })
  sync.mutate([add("a")])
  await world.settle()
  expect(mended).toEqual([false])
  expect(server.todo("a")).toBeDefined()
  expect(troublesOf(sync)).toEqual(["not-kept"])
})

test("ops of a later version of the page are kept, not sent, and said", async () => {
  const { world, server, openTab, disk } = device()
  const later: Queued = { op: { ...add("a"), id: "later" }, version: 2, place: 1, madeAt: 1 }
  await disk.commit({ queue: [later] })
  const sync = await openTab()
  sync.mutate([add("b")])
  await world.settle()
  expect(titles(sync)).toEqual(["b"])
  expect(server.todo("a")).toBeUndefined()
  expect(sync.refused()).toEqual([later])
  expect((await disk.load()).queue.filter(({ doneAt }) => !doneAt)).toEqual([later])
})

test("two tabs that both lead, where the browser has no locks, do not overwrite each other", async () => {
  const { world, server, disk } = device()
  const tab = () => device(world, server, disk).openTab()
  const [first, second] = [await tab(), await tab()]
  for (const [n, sync] of [first, second, first, second].entries()) {
    sync.mutate([add(`${n}`)])
    await world.pass(1_000)
  }
  first.stop()
  second.stop()
  const third = await tab()
  expect(titles(third)).toEqual(["0", "1", "2", "3"])
  expect((await disk.load()).queue.map(({ doneAt }) => typeof doneAt)).toEqual(Array(4).fill("number"))
})

test("repairing replaces what is held by what the server has, and keeps what waits", async () => {
  const { world, server, openTab, disk } = device()
  for (const key of ["a", "b", "c", "d"]) server.write(add(key) as never)
  const first = await openTab()
  const second = await openTab()
  // What no pull would ever mend: the cursor says that all of it was read.
  const wrong = { ...first.todo("a")!, title: "wrong" }
  const ghost = { ...first.todo("b")!, id: "ghost", title: "ghost" }
  const { generation, epoch, cursor } = await disk.load()
  const rows = [wrong, ghost].map((row) => ({ entity: "todo" as const, row }))
  await disk.commit({
    arrival: { after: generation, epoch: epoch!, cursor, clear: [], rows, gone: [], moved: [] },
  })
  for (const sync of [first, second]) sync.refresh()
  await world.settle()
  expect(titles(first)).toEqual(["wrong", "b", "ghost", "c", "d"])

  server.fail(new NetworkFailure())
  second.mutate([edit("d", { title: "changed offline" })])
  second.repair()
  await world.pass(10_000)
  expect(titles(first)).toEqual(["wrong", "b", "ghost", "c", "changed offline"])
  expect(first.inspect()?.queue.filter(({ doneAt }) => !doneAt)).toHaveLength(1)

  server.fail(null)
  await world.pass(60_000)
  for (const sync of [first, second, await openTab()])
    expect(titles(sync)).toEqual(["a", "b", "c", "changed offline"])
  expect(server.todo("d")?.title).toBe("changed offline")
  expect((await disk.rows(false)).map(({ row }) => row.id).sort()).toEqual(["a", "b", "c", "d", "inbox"])
})

test("repairing while an answer is on its way waits for a whole one", async () => {
  const { world, server, openTab } = device()
  for (const key of ["a", "b"]) server.write(add(key) as never)
  const sync = await openTab()
  const release = server.holdAnswers()
  server.write(add("c") as never)
  await world.settle()
  sync.repair()
  release()
  await world.pass(60_000)
  expect(titles(sync)).toEqual(["a", "b", "c"])
})

test("what is typed fast goes together, and never oftener than the server takes it", async () => {
  const { world, server, openTab } = device()
  const limit = new SyncLimit(world.now)
  const { post } = server.network
  let refusals = 0
  server.network.post = async (request) => {
    try {
      limit.charge("person")
    } catch {
      refusals += 1
      throw refusal(429, "too-many-requests", 1)
    }
    return post(request)
  }
  const sync = await openTab()
  for (let n = 0; n < 200; n++) {
    sync.mutate([add(`${n}`)])
    await world.pass(15)
  }
  await world.pass(1_000)
  expect(refusals).toBe(0)
  expect(sync.unanswered()).toBe(0)
  expect(server.rows().filter(({ id }) => id !== "inbox")).toHaveLength(200)
  expect(server.requests.length).toBeLessThan(40)
})

test("a server that is asked too much is asked again when it said, with all that was changed meanwhile", async () => {
  const { world, server, openTab } = device()
  const sync = await openTab()
  server.fail(refusal(429, "too-many-requests", 3))
  sync.mutate([add("a")])
  await world.settle()
  const asked = server.requests.length
  server.fail(null)
  for (let n = 0; n < 29; n++) {
    sync.mutate([add(`${n}`)])
    await world.pass(100)
    expect(syncState(sync)).toBe("saving")
  }
  expect(server.requests).toHaveLength(asked)
  await world.pass(1_500)
  expect(server.requests[asked]!.ops).toHaveLength(30)
  expect(syncState(sync)).toBe("idle")
})
