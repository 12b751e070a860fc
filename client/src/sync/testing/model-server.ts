import { ApiProblem, NetworkFailure } from "../../api/problem.ts"
import type { Gone, News, Refusal, SyncAnswer, SyncRequest } from "../protocol.ts"
import { type Entry, type List, type Op, spaceOf, type Todo } from "../rows.ts"
import type { Network } from "../transport.ts"
import type { World } from "../world.ts"

/** So many rows make a page. */
const PAGE = 3

/** A server that speaks the protocol and keeps everything in memory, for one account with an Inbox. */
export function modelServer(world: World) {
  const spaces = new Map<string, { rev: number; forgotten: number }>()
  const rows = new Map<string, Entry>()
  const tombstones: Gone[] = []
  const answers = new Map<string, Refusal | undefined>()
  const listeners = new Set<(news: News) => void>()
  const requests: SyncRequest[] = []
  let epoch = "first"
  let failure: unknown = null
  let loseAnswers = false
  let held: Promise<void> | undefined
  const moment = () => new Date(world.now()).toISOString()

  const raise = (space: string) => {
    const known = spaces.get(space)!
    known.rev += 1
    return known.rev
  }

  function write(op: Op): Refusal | undefined {
    const at = `${op.entity} ${op.key}`
    const held = rows.get(at)
    if (!held && !op.creates) return { code: "not-found" }
    if (!held && op.entity === "todo" && !spaces.has(op.fields.listId ?? "")) return { code: "not-found" }
    if (op.entity === "todo" && op.fields.title === "") return { code: "invalid" }
    if (op.entity === "list" && !held) spaces.set(op.key, { rev: 0, forgotten: 0 })
    const row = { ...(held?.row ?? blank(op, moment())), ...op.fields, id: op.key } as List & Todo
    const entry = { entity: op.entity, row } as unknown as Entry
    row.rev = raise(spaceOf(entry))
    row.updatedAt = moment()
    if (held && spaceOf(held) !== spaceOf(entry)) {
      row.rev = Math.max(row.rev, raise(spaceOf(held)))
      for (const id of [spaceOf(held), spaceOf(entry)]) spaces.get(id)!.rev = row.rev
      tombstones.push({ space: spaceOf(held), entity: "todo", key: op.key, rev: row.rev })
    }
    rows.set(at, entry)
    for (const listener of listeners) listener({ space: spaceOf(entry), rev: row.rev })
  }

  function answer({ cursor, epoch: theirs, ops }: SyncRequest): SyncAnswer {
    const acks = (theirs === null || theirs === epoch ? ops : []).map((op) => {
      if (!answers.has(op.id)) answers.set(op.id, write(op))
      const problem = answers.get(op.id)
      return { id: op.id, ...(problem && { problem }) }
    })
    const reset = Object.keys(cursor).filter((space) => {
      const known = spaces.get(space)
      return known && (theirs !== epoch || Number(cursor[space]) < known.forgotten)
    })
    const from = (space: string) => (reset.includes(space) ? 0 : Number(cursor[space] ?? 0))
    const newer = [...rows.values()]
      .filter((entry) => entry.row.rev > from(spaceOf(entry)))
      .sort((a, b) => a.row.rev - b.row.rev)
    const page = newer.slice(0, PAGE)
    const more = newer.length > PAGE
    const read: Record<string, string> = {}
    for (const [space, { rev }] of spaces) {
      const left = newer.slice(PAGE).filter((entry) => spaceOf(entry) === space)
      const to = left.length > 0 ? Math.min(...left.map(({ row }) => row.rev)) - 1 : rev
      if (`${to}` !== cursor[space]) read[space] = `${to}`
    }
    const touched = ops.flatMap(({ entity, key }) => rows.get(`${entity} ${key}`) ?? [])
    return {
      v: 1,
      epoch,
      now: moment(),
      acks,
      changes: [...new Set([...page, ...touched])].map((entry) => structuredClone(entry)),
      gone: tombstones.filter(({ space, rev }) => rev > from(space)),
      cursor: read,
      drop: Object.keys(cursor).filter((space) => !spaces.has(space)),
      reset,
      more,
    }
  }

  const network: Network = {
    async post(request) {
      requests.push(structuredClone(request))
      if (failure) throw failure
      const answered = answer(structuredClone(request))
      await held
      if (loseAnswers) throw new NetworkFailure()
      return answered
    },
    listen(onNews) {
      listeners.add(onNews)
      return () => listeners.delete(onNews)
    },
  }
  write({
    id: "inbox",
    entity: "list",
    key: "inbox",
    creates: true,
    fields: { isInbox: true, name: "Inbox" },
  } as Op)

  return {
    network,
    requests,
    rows: () => [...rows.values()].map(({ row }) => row),
    todo: (key: string) => rows.get(`todo ${key}`)?.row as Todo | undefined,
    /** What another device does. */
    write: (op: Omit<Op, "id">) => write({ id: `elsewhere ${requests.length}`, ...op } as Op),
    /** Every request is refused, or gets no answer; null: they are answered again. */
    fail: (with_: unknown) => {
      failure = with_
    },
    /** Requests are taken, but no answer arrives. */
    loseAnswers: (lose: boolean) => {
      loseAnswers = lose
    },
    /** Requests are taken, but answers arrive only once the function that this returns is called. */
    holdAnswers() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        held = undefined
        resolve()
      }
    },
    /** The account left the space, or the list is gone for good. */
    leave(space: string) {
      spaces.delete(space)
      for (const [at, entry] of rows) if (spaceOf(entry) === space) rows.delete(at)
    },
    /** Takes the todo away for good. */
    purge(key: string) {
      const entry = rows.get(`todo ${key}`)!
      rows.delete(`todo ${key}`)
      tombstones.push({ space: spaceOf(entry), entity: "todo", key, rev: raise(spaceOf(entry)) })
    },
    /** The state that `restore` goes back to. */
    backUp: () => structuredClone({ spaces, rows, answers, tombstones }),
    restore(backup: {
      spaces: typeof spaces
      rows: typeof rows
      answers: typeof answers
      tombstones: Gone[]
    }) {
      epoch = `${epoch} restored`
      for (const [map, before] of [
        [spaces, backup.spaces],
        [rows, backup.rows],
        [answers, backup.answers],
      ] as [Map<string, unknown>, Map<string, unknown>][]) {
        map.clear()
        for (const [key, value] of before) map.set(key, value)
      }
      tombstones.splice(0, tombstones.length, ...backup.tombstones)
    },
  }
}

const blank = ({ entity }: Op, now: string) => {
  const common = { position: "a0", trashedAt: null, createdAt: now, updatedAt: now, rev: 0 }
  return entity === "list"
    ? { ...common, name: "", colour: "grey", isInbox: false, archivedAt: null, role: "owner" }
    : { ...common, title: "", notes: "", priority: "none", dueDate: null, completedAt: null }
}

/** A refusal of a whole request. */
export const refusal = (status: number, slug: string, retryAfter: number | null = null) =>
  new ApiProblem(status, slug, [], retryAfter)
