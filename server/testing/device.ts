import type { SyncAnswer } from "../sync/shapes.ts"
import type { SignedIn } from "./app.ts"

type GivenOp = { id?: string; entity: string; key: string; creates?: true; fields: Record<string, unknown> }
export type Held = { id: string; rev: number; listId?: string; [field: string]: unknown }

/**
 * A device as plain as the protocol lets one be: what it holds, and how far it has read. Ops are sent at once and only
 * once; nothing is kept for later.
 */
export function newDevice(person: SignedIn) {
  const rows = {
    todo: new Map<string, Held>(),
    list: new Map<string, Held>(),
    profile: new Map<string, Held>(),
  }
  let cursor: Record<string, string> = {}
  let epoch: string | null = null
  const answers: SyncAnswer[] = []

  const forget = (space: string) => {
    delete cursor[space]
    rows.list.delete(space)
    for (const { id, listId } of rows.todo.values()) if (listId === space) rows.todo.delete(id)
  }

  function receive(answer: SyncAnswer) {
    answers.push(answer)
    epoch = answer.epoch
    for (const space of [...answer.drop, ...answer.reset]) forget(space)
    for (const { entity, row } of answer.changes) {
      const held = rows[entity].get(row.id)
      if (!held || held.rev < row.rev) rows[entity].set(row.id, row)
    }
    for (const { space, key, rev } of answer.gone) {
      const held = rows.todo.get(key)
      if (held && held.listId === space && held.rev < rev) rows.todo.delete(key)
    }
    cursor = { ...cursor, ...answer.cursor }
  }

  const ask = (body: Record<string, unknown>) =>
    person.request("POST", "/api/sync", { body: { v: 1, epoch, cursor, ops: [], ...body } })

  /** Sends the ops, and takes the answer in. Throws unless it is one. */
  async function send(given: GivenOp[]) {
    const ops = given.map((op) => ({ id: Bun.randomUUIDv7(), ...op }))
    const response = await ask({ ops })
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
    const answer = (await response.json()) as SyncAnswer
    receive(answer)
    return answer
  }

  return {
    rows,
    answers,
    get cursor() {
      return cursor
    },
    set cursor(given) {
      cursor = given
    },
    get epoch() {
      return epoch
    },
    ask,
    send,
    /** Reads page after page until there is no more. Returns the answers. */
    async read(): Promise<SyncAnswer[]> {
      const pages = [await send([])]
      while (pages.at(-1)!.more) pages.push(await send([]))
      return pages
    },
  }
}
export type Device = ReturnType<typeof newDevice>
