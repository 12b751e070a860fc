import { Broken } from "./answer.ts"
import { Connection, type Target } from "./connection.ts"
import type { Person } from "./people.ts"
import type { LoadReport } from "./report.ts"

/** Seconds within which something is heard of a stream: heartbeats come every 25. */
const MOST_SILENCE = 35

/**
 * Keeps an event stream of `person` open until `isOver`, and comes again when it ends, as soon as it was told to. It may
 * end only in order: with a `bye`, and the answer's proper end. Everything else is a failure, silence too.
 */
export async function followEvents(
  target: Target,
  person: Person,
  report: LoadReport,
  isOver: () => boolean,
) {
  while (!isOver()) {
    const openedAt = performance.now()
    try {
      const retry = await followOne(target, person, report, isOver)
      if (isOver()) return
      report.streams.ended++
      await Bun.sleep(retry)
    } catch (error) {
      if (isOver()) return
      report.fail(error instanceof Broken ? error.kind : String(error), "stream", openedAt)
      await Bun.sleep(1000)
    }
  }
}

/** Resolves to the milliseconds after which to come again. */
async function followOne(
  target: Target,
  person: Person,
  report: LoadReport,
  isOver: () => boolean,
): Promise<number> {
  const connection = await Connection.make(target)
  let heard = ""
  let heardAt = performance.now()
  const timer = setInterval(() => {
    if (isOver() || performance.now() - heardAt > MOST_SILENCE * 1000) connection.close()
  }, 500)
  const request = { method: "GET", path: "/api/events", headers: { Authorization: `Bearer ${person.token}` } }
  try {
    const answer = await connection.follow(target.domain, request, (text) => {
      if (heard === "") report.streams.opened++
      // Only the end is looked at.
      heard = (heard + text).slice(-1000)
      heardAt = performance.now()
    })
    if (answer.status !== 200) throw new Broken(`status ${answer.status}`)
    const retry = /event: bye\ndata: \{.*"retryMs":(\d+)/.exec(heard)?.[1]
    if (retry === undefined) throw new Broken("ended without a bye")
    return Number(retry)
  } finally {
    clearInterval(timer)
    connection.close()
  }
}
