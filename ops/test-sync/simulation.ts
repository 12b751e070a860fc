import type { Change, Entry, Row, Rows } from "../../client/src/sync/rows.ts"
import type { Sync } from "../../client/src/sync/sync.ts"
import { virtualWorld } from "../../client/src/sync/testing/virtual-world.ts"
import type { Pool } from "../../server/database/connect.ts"
import { databaseProblem } from "../../server/database/failures.ts"
import { createDevice, type Device, type Tab } from "./device.ts"
import { createLedger, markOf } from "./ledger.ts"
import type { Plan, Step } from "./plan.ts"
import { startServer } from "./server.ts"
import { Violation } from "./violation.ts"
import { pick, wish } from "./wishes.ts"

const DAY = 24 * 60 * 60_000
const START = Date.parse("2026-01-01T00:00:00Z")
/** Milliseconds within which all comes to rest once nothing fails any more. */
const HEALING = 15 * 60_000

export type Outcome = { failure: string | null; requests: number; wishes: number }

/**
 * Lets everything in `plan` happen, then heals what failed, and looks whether all is well. What happens depends on the
 * plan alone. `note` is told of each step.
 *
 * Rejects where the simulation's own statements lost their connection: the machine had no time for it, and the plan says
 * nothing of that.
 */
export async function simulate(
  plan: Plan,
  sql: Pool,
  note: (line: string) => void = () => {},
): Promise<Outcome> {
  const world = virtualWorld(plan.seed, START)
  const ledger = createLedger()
  const devices: Device[] = []
  const undo = new Map<Tab, Change[][]>()
  let requests = 0
  let wishes = 0
  let fault: unknown
  /** Milliseconds that all slept. */
  let slept = 0
  const onFault = (error: unknown) => {
    fault ??= error
  }
  process.on("unhandledRejection", onFault)
  process.on("uncaughtException", onFault)
  try {
    const server = await startServer({
      world,
      sql,
      people: plan.people,
      ledger,
      onNews: (accountId, news) => {
        for (const [n, device] of devices.entries())
          if (server.accounts[plan.devices[n]!.person] === accountId) device.hear(news)
      },
    })
    for (const [n, { person, blocked }] of plan.devices.entries()) {
      const device = createDevice({
        name: `device ${n} of person ${person}`,
        world,
        seed: plan.seed * 31 + n,
        ledger,
        blocked,
        async ask(request) {
          requests += 1
          try {
            return await server.ask(server.accounts[person]!, request)
          } catch (error) {
            if (error instanceof Violation || !isAnswer(error)) onFault(error)
            throw error
          }
        },
      })
      devices.push(device)
      device.openTab()
    }
    await world.pass(2_000)
    for (const step of plan.steps) {
      const wait = START + 2_000 + step.at + slept - world.now()
      if (wait > 0) await world.pass(wait)
      if (fault) throw fault
      note(`${step.n} ${step.kind} (${Math.round(step.at / 100) / 10} s)`)
      await happen(step)
    }
    await heal()
    await judge()
    if (fault) throw fault
    return { failure: null, requests, wishes }

    async function happen(step: Step) {
      const { kind, picks } = step
      const [first, second, third] = picks as [number, number, number]
      const device = pick(devices, first)!
      const accountId = server.accounts[plan.devices[devices.indexOf(device)]!.person]!
      const tab = pick(device.tabs, second)
      if (tab && !tab.frozen) {
        const next = () => ++wishes
        if (wish({ kind, picks, accountId, device, tab, ledger, next, undo })) return
      }
      const { state } = device.network
      switch (kind) {
        case "go-offline":
          return device.network.setOnline(false)
        case "go-online":
          return device.network.setOnline(true)
        case "lose-requests":
          state.losesRequests = true
          return
        case "lose-answers":
          state.losesAnswers = true
          return
        case "be-slow":
          state.slow = true
          return
        case "network-heals":
          return calm(device)
        case "fill-disk":
          return device.disk.setFull(true)
        case "free-disk":
          return device.disk.setFull(false)
        case "break-disk":
          if (!device.blocked) device.disk.break()
          return
        case "open-tab":
          if (device.tabs.length < 3) device.openTab()
          return
        case "close-tab":
          return tab && device.closeTab(tab)
        case "kill-tab":
          return tab?.kill()
        case "kill-browser":
          for (const open of [...device.tabs]) open.kill()
          return
        case "freeze-tab":
          return tab?.setFrozen(true)
        case "thaw-tab":
          tab?.setFrozen(false)
          return tab?.sync.refresh()
        case "set-clock":
          return device.setClock(Math.round((third - 0.5) * 20))
        case "expire-session":
          state.signedIn = false
          return
        case "sign-in":
          state.signedIn = true
          return tab?.sync.refresh()
        case "page-too-old":
          state.tooOld = true
          return
        case "page-current":
          state.tooOld = false
          return
        case "restart-server":
          server.restart(third * 20_000)
          for (const each of devices) each.network.reconnect()
          return
        case "cut-connection":
          return server.cutConnection(third < 0.5 ? "before-commit" : "after-commit")
        case "back-up-server":
          return server.backUp()
        case "restore-server":
          await server.restore()
          for (const each of devices) each.network.reconnect()
          return
        case "purge-trash":
          return server.purgeTrash()
        case "sleep-100-days":
          return sleep(100, device)
        case "sleep-2-days":
          return sleep(2, device)
        case "join":
          return server.join(accountId, second, third < 0.7 ? "editor" : "viewer")
        case "leave":
          return server.leave(second)
        case "look":
          return tab?.sync.refresh()
      }
    }

    /** `device` is off for so many days, and nothing else happens. */
    async function sleep(days: number, device: Device) {
      for (const tab of [...device.tabs]) device.closeTab(tab)
      await world.pass(60_000)
      for (const each of devices) each.network.cut()
      world.sleep(days * DAY)
      slept += days * DAY + 60_000
      await server.age(days)
    }

    async function heal() {
      server.restart(0)
      for (const device of devices) {
        calm(device)
        device.network.setOnline(true)
        Object.assign(device.network.state, { signedIn: true, tooOld: false })
        device.disk.setFull(false)
        if (device.tabs.length === 0) device.openTab()
        for (const tab of device.tabs) tab.setFrozen(false)
      }
      await world.pass(60_000)
      for (const device of devices) for (const tab of device.tabs) tab.sync.refresh()
      for (let passed = 0; passed < HEALING && !devices.every(isAtRest); passed += 30_000)
        await world.pass(30_000)
      // What was told last is heard by all.
      for (const device of devices) device.tabs[0]?.sync.refresh()
      await world.pass(60_000)
    }

    async function judge() {
      if (fault) throw fault
      const problems = new Map<string, string | undefined>()
      for (const [n, device] of devices.entries()) {
        const rows = await server.rowsOf(server.accounts[plan.devices[n]!.person]!)
        for (const tab of device.tabs) {
          const { sync } = tab
          if (!sync.loaded()) throw new Violation(`${tab.name} was never loaded.`)
          const waits = sync.unanswered()
          if (waits > 0)
            throw new Violation(`${tab.name} still waits with ${waits} ops (${sync.transportState()}).`)
          compare(tab.name, rows, shownBy(sync, server.accounts[plan.devices[n]!.person]!))
          for (const list of rows.flatMap(({ entity, row }) => (entity === "list" ? [row.id] : [])))
            compareOrder(tab.name, list, rows, sync)
          for (const { op } of sync.refused()) problems.set(op.id, markOf(op))
        }
        if (device.blocked) continue
        const held = await device.disk.held()
        for (const { op, problem } of held.queue) if (problem) problems.set(op.id, markOf(op))
        compare(`the disk of ${device.name}`, rows, await device.disk.rows())
        const first = device.tabs[0]!.sync.refused().map(({ op }) => op.id)
        const kept = held.queue.filter(({ problem }) => problem).map(({ op }) => op.id)
        if (first.sort().join() !== kept.sort().join())
          throw new Violation(`${device.name} shows ${first.length} refused ops, and keeps ${kept.length}.`)
      }
      ledger.settle(problems)
    }
  } catch (error) {
    if (databaseProblem(error)) throw error
    const failure = error instanceof Violation ? error.message : `${(error as Error)?.stack ?? error}`
    return { failure, requests, wishes }
  } finally {
    for (const device of devices) for (const tab of [...device.tabs]) tab.kill()
    process.off("unhandledRejection", onFault)
    process.off("uncaughtException", onFault)
  }
}

const isAnswer = (error: unknown) =>
  error instanceof Error && (error.name === "ApiProblem" || error.name === "NetworkFailure")

const calm = ({ network: { state } }: Device) =>
  Object.assign(state, { losesRequests: false, losesAnswers: false, slow: false })

const isAtRest = ({ tabs }: Device) =>
  tabs.every(({ sync }) => sync.unanswered() === 0 && !sync.fault() && sync.transportState() === "idle")

/** What a tab shows. */
function shownBy(sync: Sync, accountId: string): Entry[] {
  const listIds = [...sync.lists(), ...sync.archivedLists(), ...sync.trashedLists(), sync.inboxId()]
  const entry = <E extends Entry["entity"]>(entity: E, row: Rows[E] | undefined) =>
    row ? [{ entity, row } as unknown as Entry] : []
  return [
    ...entry("profile", sync.profile(accountId)),
    ...listIds.flatMap((id) => entry("list", sync.list(id ?? ""))),
    ...[...sync.everyTodo()].flatMap((row) => entry("todo", row)),
  ]
}

function compare(where: string, expected: Entry[], found: Entry[]) {
  const [server, client] = [expected, found].map(
    (entries) => new Map(entries.map(({ entity, row }) => [`${entity} ${row.id}`, sorted(row)])),
  )
  for (const [at, row] of server!) {
    const held = client!.get(at)
    if (held === undefined) throw new Violation(`${where} lacks the ${at}: ${row}`)
    if (held !== row) throw new Violation(`${where} has another ${at}:\n  server ${row}\n  client ${held}`)
  }
  for (const [at, row] of client!)
    if (!server!.has(at)) throw new Violation(`${where} has the ${at}, which the server hasn't: ${row}`)
}

const sorted = (row: Row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))

function compareOrder(where: string, list: string, rows: Entry[], sync: Sync) {
  const open = rows
    .flatMap(({ entity, row }) => (entity === "todo" && row.listId === list ? [row] : []))
    .filter(({ completedAt, trashedAt }) => !completedAt && !trashedAt)
    .sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : a.id < b.id ? -1 : 1))
    .map(({ id }) => id)
  if (open.join() !== sync.openTodos(list).join())
    throw new Violation(`${where} shows the list ${list} in another order.`)
}
