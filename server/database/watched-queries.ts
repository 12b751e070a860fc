import type { Pool } from "./connect.ts"
import { queryName } from "./query-names.ts"

/** Told of each statement of this process, whichever pool or transaction it goes through. */
export type QueryWatcher<Begun = unknown> = {
  /** Called where a statement is given away, within what has asked for it. What it returns `ended` is given. */
  began?: () => Begun
  /** Seconds from giving it away to its last row, the wait for a connection included; `error` is null where it succeeded. */
  ended: (query: { name: string; seconds: number; error: unknown; begun: Begun }) => void
}

/** A statement as the driver has it (postgres/src/query.js); what is not in its types. */
type Statement = {
  strings: readonly string[]
  tagged: boolean
  executed: boolean
  resolve: (rows: unknown) => void
  reject: (error: unknown) => void
  handle: () => Promise<void>
}

const watchers: QueryWatcher[] = []
let isWatching = false

/**
 * Has `watcher` told of each statement, until the function that it returns is called. The driver has no place for this: what
 * gives a statement away (`handle`) is replaced in the class of all of them, once, and costs nothing where nobody watches.
 */
export function watchQueries<Begun>(pool: Pool, given: QueryWatcher<Begun>): () => void {
  const watcher = given as QueryWatcher
  watchers.push(watcher)
  if (!isWatching) replaceHandle(pool)
  return () => {
    watchers.splice(watchers.indexOf(watcher), 1)
  }
}

function replaceHandle(pool: Pool) {
  isWatching = true
  // Nothing is sent until it is awaited.
  const statements = Object.getPrototypeOf(pool``) as Statement
  const { handle } = statements
  statements.handle = function (this: Statement) {
    if (!this.executed && watchers.length > 0) watch(this)
    return handle.call(this)
  }
}

function watch(statement: Statement) {
  const { resolve, reject } = statement
  const begun = watchers.map((watcher) => watcher.began?.())
  const watching = [...watchers]
  const start = performance.now()
  const end = (error: unknown) => {
    const seconds = (performance.now() - start) / 1000
    const name = queryName(statement.tagged ? statement.strings : statement.strings[0]!)
    for (let n = 0; n < watching.length; n += 1) watching[n]!.ended({ name, seconds, error, begun: begun[n] })
  }
  statement.resolve = (rows) => {
    end(null)
    resolve(rows)
  }
  statement.reject = (error) => {
    end(error)
    reject(error)
  }
}
