import type { Site } from "../site.ts"
import { Broken } from "./answer.ts"
import { Connection, type Request, type Target } from "./connection.ts"
import { type Person, people } from "./people.ts"
import { LoadReport } from "./report.ts"
import { followEvents } from "./streams.ts"

/** Requests a second: most of them evenly, the rest at once at the full second. */
const RATE = { evenly: 170, burst: 30 }
const STREAMS = 20
const PEOPLE = 10
/** One request a second takes this long to send, in milliseconds. */
const SLOW_BODY = 3000
const TICK = 10
/** Requests that are made up for when this machine was too busy to send them: more at once would be another load. */
const MOST_BEHIND = 100
/** Milliseconds after which people sign in again: the tokens last 15 minutes. */
const SIGN_IN_AGAIN = 10 * 60_000
/** Most connections that are kept for further requests. */
const MOST_KEPT = 40

export type Load = { report: LoadReport; stop: () => Promise<LoadReport> }

/** The page's domain at the site, and who vouches for it. */
export async function targetOf(site: Site): Promise<Target> {
  return { address: site.address, domain: site.domains[0], ca: await site.authority.roots() }
}

/**
 * Sends 200 requests a second until it is stopped, whatever comes back: reads and writes, on kept and on fresh
 * connections, a burst each second, a slow body each second, and event streams beside them. Nothing is asked twice, and
 * whatever is not answered as it should be is a failure. `stop` waits for what is under way.
 */
export async function startLoad(site: Site): Promise<Load> {
  const target = await targetOf(site)
  const callers = await people(target, PEOPLE)
  const report = new LoadReport()
  const kept: Connection[] = []
  const underWay = new Set<Promise<void>>()
  let isOver = false

  const begin = (work: Promise<void>) => {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }
  const send = async (number: number, sentOver = 0) => {
    const person = callers[number % callers.length]!
    const { name, status, request } = requestOf(number, person, sentOver)
    const isFresh = number % 10 < 3
    const sentAt = performance.now()
    report.sent++
    try {
      const connection = (!isFresh && takeOpen(kept)) || (await Connection.make(target))
      const answer = await connection.ask(target.domain, request)
      if (connection.open && !isFresh && kept.length < MOST_KEPT) kept.push(connection)
      else connection.close()
      if (answer.status !== status) throw new Broken(`status ${answer.status}`)
      if (status === 201) report.written++
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      report.fail(error.kind, sentOver > 0 ? `slow ${name}` : name, sentAt)
    }
    report.slowestMs = Math.max(report.slowestMs, performance.now() - sentAt - sentOver)
  }

  for (let number = 0; number < STREAMS; number++)
    begin(followEvents(target, callers[number % callers.length]!, report, () => isOver))
  const signIn = async () => {
    const again = await people(target, PEOPLE)
    for (const [index, { token }] of again.entries()) callers[index]!.token = token
  }
  const signingIn = setInterval(
    () => begin(signIn().catch((error) => report.fail(`${error}`, "sign-in", performance.now()))),
    SIGN_IN_AGAIN,
  )
  let number = 0
  let bursts = 0
  let lastTick = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    report.lateMs = Math.max(report.lateMs, now - lastTick - TICK)
    lastTick = now
    const elapsed = (now - report.began) / 1000
    const behind = () => elapsed * RATE.evenly + bursts * RATE.burst - report.skipped - number
    report.skipped += Math.max(0, Math.floor(behind() - MOST_BEHIND))
    while (behind() > 0) begin(send(number++))
    if (elapsed < bursts + 1) return
    bursts++
    for (let burst = 0; burst < RATE.burst; burst++) begin(send(number++))
    begin(send(bursts, SLOW_BODY))
  }, TICK)

  return {
    report,
    stop: async () => {
      clearInterval(timer)
      clearInterval(signingIn)
      isOver = true
      await Promise.all(underWay)
      for (const connection of kept) connection.close()
      report.ended = performance.now()
      return report
    },
  }
}

/** Of ten requests four write; the others read a list, todos and the page. Each kind goes on kept and fresh connections. */
function requestOf(
  number: number,
  { token }: Person,
  sentOver: number,
): { name: string; status: number; request: Request } {
  const headers = { Authorization: `Bearer ${token}` }
  const kind = (number * 7) % 10
  if (sentOver > 0 || kind < 4) {
    const body = JSON.stringify({
      title: `Todo ${number}`,
      ...(sentOver > 0 && { notes: "slowly ".repeat(50) }),
    })
    return {
      name: "write",
      status: 201,
      request: { method: "POST", path: "/api/todos", headers, body, sentOver },
    }
  }
  if (kind < 8)
    return { name: "read", status: 200, request: { method: "GET", path: "/api/todos?limit=20", headers } }
  if (kind < 9) return { name: "read", status: 200, request: { method: "GET", path: "/api/lists", headers } }
  return {
    name: "page",
    status: 200,
    request: { method: "GET", path: "/", headers: { Accept: "text/html", "Accept-Encoding": "br" } },
  }
}

/** A kept connection that the other side has not closed meanwhile, the one that rested longest. */
function takeOpen(kept: Connection[]): Connection | undefined {
  for (let next = kept.shift(); next; next = kept.shift()) if (next.open) return next
}
