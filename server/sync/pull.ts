import type { Sql } from "../database/connect.ts"
import { listsAmong } from "../lists/queries.ts"
import { Problem } from "../problems.ts"
import { todosAmong } from "../todos/queries.ts"
import { todoOf } from "../todos/rows.ts"
import { afterPhase, LAST, PHASES, type Place, readPlace, startAt, upTo, writePlace } from "./place.ts"
import { type KnownSpace, readChanges, readPhase, readProfile, spacesOf, type Walk } from "./queries.ts"
import type { Change, Gone, Op, SyncAnswer, SyncRequest } from "./shapes.ts"

/** Todos in one answer, gone ones counted. */
const PAGE = 5000
/** The same in the first answer to a device that has nothing yet: it has a screen to draw before all else. */
const FIRST_PAGE = 500

type Pulled = Omit<SyncAnswer, "v" | "acks">

/**
 * What has changed in the account's spaces since `cursor`, and the rows that `ops` were about, as they are now. Each
 * statement reads what is the account's in its own snapshot, and a space's revs are read before its rows: rows that
 * come in between have a greater rev and come again. So no transaction is held open, and nothing is missed.
 */
export async function pull(
  sql: Sql,
  accountId: string,
  { epoch, cursor }: Pick<SyncRequest, "epoch" | "cursor">,
  ops: Op[],
): Promise<Pulled> {
  const known = await spacesOf(sql, accountId)
  if (!known) throw Problem.unauthenticated()
  const { reading, reset, drop } = whereToRead(known.spaces, cursor, epoch === known.epoch)
  const changes: Change[] = []
  const gone: Gone[] = []
  await readOwn(sql, accountId, reading, changes)
  const held = await readLists(sql, accountId, reading, changes)
  const page = Object.keys(cursor).length === 0 ? FIRST_PAGE : PAGE
  await readTodos(sql, accountId, held, page, changes, gone)
  await addTouched(sql, accountId, ops, changes)
  return {
    epoch: known.epoch,
    now: known.now,
    changes,
    gone,
    cursor: movedOn(reading, cursor, reset),
    drop,
    reset,
    more: [...reading.values()].some(isBehind),
  }
}

type Reading = { space: KnownSpace; place: Place }

/** Where each space is read on, what to forget before, and what is not the account's, whether it was or never. */
function whereToRead(spaces: KnownSpace[], cursor: Record<string, string>, isSameEpoch: boolean) {
  const reset: string[] = []
  const reading = new Map<string, Reading>()
  const given = new Map(Object.entries(cursor).map(([id, text]) => [id.toLowerCase(), text]))
  for (const space of spaces) {
    const text = given.get(space.id)
    const place = text === undefined || !isSameEpoch ? null : readPlace(text)
    const isGood = place !== null && place.rev >= space.forgottenRev && place.rev <= space.rev
    if (text !== undefined && !isGood) reset.push(space.id)
    reading.set(space.id, { space, place: isGood ? place : startAt(space.rev) })
    given.delete(space.id)
  }
  return { reading, reset, drop: [...given.keys()] }
}

const isBehind = ({ space, place }: Reading) =>
  place.kind === "load" || place.rev < space.rev || place.after !== LAST

async function readOwn(sql: Sql, accountId: string, reading: Map<string, Reading>, changes: Change[]) {
  const own = reading.get(accountId)!
  if (!isBehind(own)) return
  const profile = await readProfile(sql, accountId)
  if (!profile) throw Problem.unauthenticated()
  if (own.place.kind === "load" || profile.rev > own.place.rev)
    changes.push({ entity: "profile", row: profile })
  own.place = upTo(own.space.rev)
}

/** Adds the lists that changed. Returns the spaces that are behind, less those that the account has left meanwhile. */
async function readLists(
  sql: Sql,
  accountId: string,
  reading: Map<string, Reading>,
  changes: Change[],
): Promise<Reading[]> {
  const behind = [...reading.values()].filter(isBehind)
  const changed = new Set(behind.filter(({ space, place }) => isAtStart(place) || space.listRev! > place.rev))
  if (changed.size === 0) return behind
  const lists = await listsAmong(
    sql,
    accountId,
    [...changed].map(({ space }) => space.id),
  )
  const rows = new Map(lists.map((row) => [row.id, row]))
  return behind.filter((reading) => {
    if (!changed.has(reading)) return true
    const row = rows.get(reading.space.id)
    if (row) changes.push({ entity: "list", row })
    return row !== undefined
  })
}

const isAtStart = (place: Place) => place.kind === "load" && place.phase === 0 && place.position === ""

/** At most `page`: what changed in spaces that were read before, then new spaces, the open todos of all first. */
async function readTodos(
  sql: Sql,
  accountId: string,
  readings: Reading[],
  page: number,
  changes: Change[],
  gone: Gone[],
) {
  let left = page
  const changed = readings.filter(({ place }) => place.kind === "changes")
  left -= await readOn({
    readings: changed,
    expected: ({ space, place }) => Math.min(space.rev - place.rev + 1, PAGE),
    left,
    read: (walks, limit) => readChanges(sql, accountId, walks, limit),
    take: ([space, isGone, ...row]) => {
      const [key, rev] = [row[0], row[9]] as [string, number]
      if (isGone) gone.push({ space, entity: "todo", key, rev })
      else changes.push({ entity: "todo", row: todoOf(row) })
      return { kind: "changes", rev, after: key }
    },
    done: ({ space }) => upTo(space.rev),
    idAt: 2,
  })
  for (const phase of PHASES) {
    left -= await readOn({
      readings: readings.filter(({ place }) => place.kind === "load" && place.phase === phase),
      expected: ({ space }) => space.size,
      left,
      read: (walks, limit) => readPhase(sql, accountId, phase, walks, limit),
      take: ([, ...row], { place }) => {
        changes.push({ entity: "todo", row: todoOf(row) })
        const [after, position] = [row[0], row[6]] as [string, string]
        return { kind: "load", rev: place.rev, phase, position, after }
      },
      done: ({ place }) => afterPhase(place.rev, phase),
      idAt: 1,
    })
  }
}

type Portion<Row> = {
  readings: Reading[]
  /** About how many rows a space has to give. */
  expected: (reading: Reading) => number
  left: number
  read: (walks: Walk[], limit: number) => Promise<Row[]>
  /** Takes a row, and says where to read on after it. */
  take: (row: Row, reading: Reading) => Place
  /** Where to read on when there is no more of this. */
  done: (reading: Reading) => Place
  /** Which of a row's values is the todo's id; null in the row of a space that has none. */
  idAt: number
}

/** Reads spaces in order until `left` rows are read. Returns how many were. */
async function readOn<Row extends [string, ...unknown[]]>(portion: Portion<Row>): Promise<number> {
  let { readings, left } = portion
  while (readings.length > 0 && left > 0) {
    const together = upToSum(readings, portion.expected, left)
    left -= await readTogether(portion, together, left)
    readings = readings.slice(together.length)
  }
  return portion.left - left
}

async function readTogether<Row extends [string, ...unknown[]]>(
  { read, take, done, idAt }: Portion<Row>,
  readings: Reading[],
  limit: number,
): Promise<number> {
  const rows = await read(readings.map(walkOf), limit)
  const bySpace = new Map(readings.map((reading) => [reading.space.id, reading]))
  let current: Reading | undefined
  for (const row of rows) {
    const reading = bySpace.get(row[0])!
    if (current && current !== reading) current.place = done(current)
    current = reading
    if (row[idAt] !== null) current.place = take(row, current)
  }
  // A full page may have cut the last space short.
  if (current && rows.length < limit) current.place = done(current)
  return rows.length
}

/** The first of `readings` that together make about `most` rows; one at least. */
function upToSum(readings: Reading[], expected: (reading: Reading) => number, most: number): Reading[] {
  let sum = 0
  const end = readings.findIndex((reading) => {
    sum += expected(reading)
    return sum >= most
  })
  return end === -1 ? readings : readings.slice(0, end + 1)
}

const walkOf = ({ space, place }: Reading): Walk => ({
  spaceId: space.id,
  rev: place.rev,
  position: place.kind === "load" ? place.position : "",
  after: place.after,
})

/** Rows that ops were about and that have not come up yet: with the op's answer they are there, whatever page this is. */
async function addTouched(sql: Sql, accountId: string, ops: Op[], changes: Change[]) {
  if (ops.length === 0) return
  const there = new Set(changes.map(({ entity, row }) => `${entity} ${row.id}`))
  const missing = (entity: Change["entity"]) => [
    ...new Set(
      ops
        .filter((op) => op.entity === entity)
        .map(({ key }) => key.toLowerCase())
        .filter((key) => !there.has(`${entity} ${key}`)),
    ),
  ]
  const [todoIds, listIds, profileIds] = [missing("todo"), missing("list"), missing("profile")]
  const [todos, lists, profile] = await Promise.all([
    todoIds.length > 0 ? todosAmong(sql, accountId, todoIds) : [],
    listIds.length > 0 ? listsAmong(sql, accountId, listIds) : [],
    profileIds.includes(accountId) ? readProfile(sql, accountId) : null,
  ])
  for (const row of lists) changes.push({ entity: "list", row })
  for (const row of todos) changes.push({ entity: "todo", row })
  if (profile) changes.push({ entity: "profile", row: profile })
}

/** The places that are others than the client has. */
function movedOn(reading: Map<string, Reading>, cursor: Record<string, string>, reset: string[]) {
  const moved: Record<string, string> = {}
  for (const [id, { place }] of reading) {
    const text = writePlace(place)
    if (text !== cursor[id] || reset.includes(id)) moved[id] = text
  }
  return moved
}
