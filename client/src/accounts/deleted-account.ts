import { endSession, forget, type Grant, grant, send } from "../api/access-token.ts"
import { readAnswer } from "../api/problem.ts"
import { remember, remembered } from "../device/remembered.ts"
import { changeText } from "../settings/change-text.ts"
import { QUEUE_VERSION, type Queued } from "../sync/disk.ts"
import { forgetFailures } from "../sync/failures.ts"
import { ask } from "../sync/indexed-request.ts"
import { databaseName, openDatabase } from "../sync/open-database.ts"
import type { List, Todo } from "../sync/rows.ts"

/** A change that never reached the server, and what it wanted, in words. */
export type Unsent = { entry: Queued; text: string }

/**
 * The account whose session this browser had, if it is gone with it; null if not, or if nothing can be found out now. A
 * session that turns out to be good is taken up.
 */
export async function findDeletedAccount(): Promise<string | null> {
  const response = await send("/api/sessions/current/refresh", { method: "POST" }).catch(() => null)
  if (response?.ok) {
    grant(await readAnswer<Grant>(response))
    return null
  }
  const problem = await response?.json().catch(() => null)
  return problem?.type === "urn:docket:problem:account-deleted" ? problem.accountId : null
}

/** When a tab of this browser removed a deleted account's copy: whoever was signed out by it is told the same. */
const REMOVED = "docket.account-removed"
/** Milliseconds in which they are. */
const TOLD_FOR = 60_000

export const wasJustRemoved = () => Math.abs(Date.now() - Number(remembered(REMOVED) ?? 0)) < TOLD_FOR

/** What the device's copy of the account has that was never sent, in its order: all that is nowhere else. */
export async function readUnsent(accountId: string): Promise<Unsent[]> {
  const name = databaseName(accountId)
  const databases = await indexedDB.databases()
  if (!databases.some((database) => database.name === name)) return []
  const db = await openDatabase(name)
  db.onversionchange = () => db.close()
  try {
    const all = <T>(store: string) => ask<T[]>(db.transaction(store).objectStore(store).getAll())
    const queue = await all<Queued>("outbox")
    const unsent = queue.filter((entry) => entry.doneAt === undefined).sort((a, b) => a.place - b.place)
    if (unsent.length === 0) return []
    const things = await all<{ entity: string; row: List }>("things")
    const todos = [...(await all<Todo>("open")), ...(await all<Todo>("rest"))]
    const rows = new Map([...things.map(({ row }) => row), ...todos].map((row) => [row.id, row as unknown]))
    // As they are named by the changes themselves, the last one of which counts.
    for (const { op } of unsent)
      if (op?.fields) rows.set(op.key, { ...(rows.get(op.key) ?? {}), ...op.fields })
    const seen = { todo: (id: string) => rows.get(id) as Todo, list: (id: string) => rows.get(id) as List }
    return unsent.map((entry) => ({ entry, text: textOf(entry, seen) }))
  } finally {
    db.close()
  }
}

function textOf({ op, version }: Queued, seen: Parameters<typeof changeText>[0]): string {
  // A later version of the page wrote it: its form is not known.
  if (version > QUEUE_VERSION || !op?.fields) return JSON.stringify(op)
  const notes = op.entity === "todo" && op.fields.notes
  return [changeText(seen, op), ...(notes ? [notes] : [])].join("\n")
}

/** Takes the account from this device, in every tab. Rejects if the browser does not let go of it now. */
export async function removeCopy(accountId: string) {
  remember(REMOVED, `${Date.now()}`)
  forget()
  await ask(indexedDB.deleteDatabase(databaseName(accountId)))
  forgetFailures()
  // The cookie has told all that it can.
  await endSession().catch(console.warn)
}
