import type { Change, Todo } from "../../client/src/sync/rows.ts"
import type { Sync } from "../../client/src/sync/sync.ts"
import { uuidv7 } from "../../client/src/sync/uuid.ts"
import { positionBetween } from "../../server/lists/position-between.ts"
import type { Device, Tab } from "./device.ts"
import type { Ledger } from "./ledger.ts"
import type { Kind } from "./plan.ts"

type Given = {
  kind: Kind
  picks: number[]
  accountId: string
  device: Device
  tab: Tab
  ledger: Ledger
  /** Numbers wishes. */
  next: () => number
  /** What would undo the wishes of each tab. */
  undo: Map<Tab, Change[][]>
}

/** Does what a person does in a tab. Returns whether `kind` is something that people do. */
export function wish({ kind, picks, accountId, device, tab, ledger, next, undo }: Given): boolean {
  const { sync } = tab
  const [, , one, two, three] = picks as [number, number, number, number, number]
  const now = () => new Date(device.now()).toISOString()
  const newKey = () =>
    uuidv7(
      Math.round(device.now()),
      Uint8Array.from({ length: 16 }, () => device.random() * 256),
    )
  const lists = () => [sync.inboxId(), ...sync.lists()].filter((id) => id !== undefined)
  const list = pick(lists(), one)
  const todo = list && pick(sync.openTodos(list), two)

  /** A wish with a mark of its own, so that what becomes of it can be told. */
  function act(change: Change) {
    const n = next()
    const mark = `wish ${n}`
    const marked = change.entity === "todo" ? { notes: mark } : { name: mark }
    ledger.onMade({ mark, tab: tab.name, key: change.key, n })
    const made = { ...change, fields: { ...change.fields, ...marked } } as Change
    const stack = undo.get(tab) ?? []
    stack.push(sync.mutate([made]))
    undo.set(tab, stack)
  }
  const editTodo = (key: string | undefined, fields: Partial<Todo>) =>
    key && act({ entity: "todo", key, fields })
  const addTodo = () =>
    list &&
    act({
      entity: "todo",
      key: newKey(),
      fields: { listId: list, title: `todo ${picks[5]}`, position: topOf(sync, list) },
      creates: true,
    })

  switch (kind) {
    case "add-todo":
      addTodo()
      return true
    case "burst":
      for (let n = 0; n < 230; n++) addTodo()
      return true
    case "edit-todo":
      editTodo(
        todo,
        [{ title: `title ${three}` }, { priority: "high" as const }, { dueDate: "2026-03-04" }][
          Math.floor(three * 3)
        ]!,
      )
      return true
    case "complete-todo":
      if (three < 0.7) editTodo(todo, { completedAt: now() })
      else if (list) editTodo(pick(sync.completedTodos(list), two), { completedAt: null })
      return true
    case "order-todo": {
      if (!todo || !list) return true
      const ids = sync.openTodos(list).filter((id) => id !== todo)
      const at = Math.floor(three * (ids.length + 1))
      const [above, below] = [ids[at - 1], ids[at]].map((id) => (id && sync.todo(id)?.position) || null)
      editTodo(todo, { position: positionBetween(above ?? null, below ?? null) })
      return true
    }
    case "move-todo": {
      const to = pick(lists(), three)!
      if (todo) editTodo(todo, { listId: to, position: topOf(sync, to) })
      return true
    }
    case "trash-todo":
      editTodo(todo, { trashedAt: now() })
      return true
    case "restore-todo":
      editTodo(pick(sync.trashedTodos(), two), { trashedAt: null })
      return true
    case "add-list":
      act({ entity: "list", key: newKey(), fields: { colour: "blue", position: "a5" }, creates: true })
      return true
    case "edit-list":
      if (list !== sync.inboxId()) act({ entity: "list", key: list!, fields: { colour: "green" } })
      return true
    case "archive-list":
      if (list !== sync.inboxId()) act({ entity: "list", key: list!, fields: { archivedAt: now() } })
      return true
    case "trash-list":
      if (list !== sync.inboxId()) act({ entity: "list", key: list!, fields: { trashedAt: now() } })
      return true
    case "restore-list": {
      const [trashed, archived] = [pick(sync.trashedLists(), two), pick(sync.archivedLists(), two)]
      if (trashed) act({ entity: "list", key: trashed, fields: { trashedAt: null } })
      else if (archived) act({ entity: "list", key: archived, fields: { archivedAt: null } })
      return true
    }
    case "edit-profile":
      if (sync.profile(accountId))
        act({ entity: "profile", key: accountId, fields: { theme: three < 0.5 ? "dark" : "light" } })
      return true
    case "undo": {
      const last = undo.get(tab)?.pop()
      // What it was about may be gone since, purged, left, or lost with the disk: as the page does, it is wished for.
      for (const change of last ?? []) act(change)
      return true
    }
    case "do-something-invalid":
      if (list)
        sync.mutate([
          {
            entity: "todo",
            key: newKey(),
            fields: { listId: list, title: "", position: "a0" },
            creates: true,
          },
        ])
      return true
    case "edit-something-unknown":
      sync.mutate([
        {
          entity: "todo",
          key: newKey(),
          fields: { title: "of nothing", listId: newKey(), position: "a0" },
          creates: true,
        },
      ])
      return true
    case "try-again": {
      const entries = sync.refused().slice(0, 2)
      for (const { op } of entries) ledger.onRenewed(op)
      sync.tryAgain(entries)
      return true
    }
    case "discard": {
      const entries = sync.refused().slice(0, 2)
      for (const { op } of entries) ledger.onGivenUp(op)
      sync.discard(entries)
      return true
    }
    default:
      return false
  }
}

export const pick = <T>(among: readonly T[], at: number): T | undefined =>
  among[Math.floor(at * among.length)]

const topOf = (sync: Sync, list: string) =>
  positionBetween(null, sync.todo(sync.openTodos(list)[0] ?? "")?.position ?? null)
