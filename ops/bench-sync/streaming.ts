import { readFileSync } from "node:fs"
import type { Pool } from "../../server/database/connect.ts"
import { percentile, send } from "../bench/load.ts"
import type { Measured } from "../bench/processes.ts"
import { milliseconds, printTable } from "../bench/table.ts"
import type { Person } from "./database.ts"
import { startClients, wallClock } from "./stream-clients.ts"

type Subjects = { sql: Pool; docket: Measured; people: Person[] }

const portOf = ({ origin }: Measured) => Number(new URL(origin).port)
const headers = ({ token }: Person) => ({
  Authorization: `Bearer ${token}`,
  "Content-Type": "application/json",
})

/** What a stream takes that nothing happens on, each of another person with six spaces, beside a bare one. Prints it. */
export async function idleStreams({ docket, people, bare }: Omit<Subjects, "sql"> & { bare: Measured }) {
  const own = await openIdle(docket, people)
  const busyBefore = await docket.processorTime()
  await Bun.sleep(30_000)
  const busy = ((await docket.processorTime()) - busyBefore) / 30_000
  await own.clients.stop()
  const least = await openIdle(bare, people)
  await least.clients.stop()
  printTable(
    `${people.length} idle streams, each of another person with six spaces`,
    ["", "opened in s", "VmRSS MB", "kB each"],
    [
      ["Docket", ...own.figures],
      ["A bare server of Bun", ...least.figures],
    ],
  )
  console.log(
    `Docket's are ${(own.each / least.each).toFixed(1)} times the bare ones; heartbeats and looks take ${(100 * busy).toFixed(1)} % of a core.`,
  )
  await Bun.sleep(2000)
}

async function openIdle(server: Measured, people: Person[]) {
  const clients = startClients()
  // What the first few thousand requests leave behind, with or without streams, is no stream's.
  for (let n = 0; n < Math.min(4000, people.length); n += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        fetch(`${server.origin}/api/events`, { method: "HEAD", headers: headers(people[n + at]!) }),
      ),
    )
  const before = residentKilobytes(server.pid)
  const took = await clients.open(
    portOf(server),
    people.map(({ token }) => token),
  )
  await Bun.sleep(8000)
  const after = residentKilobytes(server.pid)
  const each = (after - before) / people.length
  const memory = `${(before / 1024).toFixed(0)} → ${(after / 1024).toFixed(0)}`
  return { clients, each, figures: [(took / 1000).toFixed(1), memory, each.toFixed(1)] }
}

/** As the system sees it. */
function residentKilobytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1])
}

/** What one change costs in a space that a thousand follow, and when they hear of it. Prints a table. */
export async function thousandFollow({ sql, docket, people }: Subjects) {
  const followers = people.slice(0, 1000)
  const [owner] = followers
  const [todo] = await sql<{ id: string; listId: string }[]>`
    select todos.id, list_id from todos join memberships on space_id = list_id
    where account_id = ${owner!.accountId} and trashed_at is null limit 1`
  await sql`
    insert into memberships (space_id, account_id, role, position, rev)
    select ${todo!.listId}, id, 'editor', 'a9', 1 from unnest(${followers.map(({ accountId }) => accountId)}::uuid[]) id
    on conflict do nothing`
  const clients = startClients()
  await clients.open(
    portOf(docket),
    followers.map(({ token }) => token),
  )
  const delays: number[] = []
  const rename = async (n: number) => {
    const text = await send(`${docket.origin}/api/todos/${todo!.id}`, {
      method: "PATCH",
      headers: headers(owner!),
      body: JSON.stringify({ title: `Change ${n}` }),
    })
    return (JSON.parse(text) as { rev: number }).rev
  }
  let rev = await rename(0)
  await Bun.sleep(2000)
  const cost: number[] = []
  for (let n = 1; n <= 20; n += 1) {
    const all = clients.hear(todo!.listId, rev + 1)
    await Bun.sleep(20)
    const [busy, start] = [await docket.processorTime(), wallClock()]
    rev = await rename(n)
    delays.push(...(await all).at.map((at) => at - start))
    cost.push((await docket.processorTime()) - busy)
    await Bun.sleep(150)
  }
  printTable(
    "One change in a space with 1,000 streams, 20 times",
    ["", "p50 ms", "p95 ms", "worst ms"],
    [
      [
        "From the request until a stream told it",
        ...[50, 95, 100].map((which) => milliseconds(percentile(delays, which))),
      ],
      [
        "Processor time of the server, the write included",
        ...[50, 95, 100].map((which) => milliseconds(percentile(cost, which))),
      ],
    ],
  )
  await clients.stop()
  await Bun.sleep(2000)
}

/**
 * The server is stopped as by a deploy while 5,000 streams are open, and started again; every client comes back when it
 * was told to and reads everything it has. Prints how long that takes, and what someone else notices of it.
 */
export async function massReconnect(
  { docket, people }: Omit<Subjects, "sql">,
  restart: () => Promise<Measured>,
): Promise<Measured> {
  const crowd = people.slice(0, 5000)
  const bystander = people[5000 % people.length]!
  const clients = startClients()
  await clients.open(
    portOf(docket),
    crowd.map(({ token }) => token),
  )
  const back = clients.comeBack()
  const stopping = performance.now()
  await docket.stop()
  const stopped = performance.now() - stopping
  const again = await restart()
  const start = wallClock()
  let isOver = false
  const latencies: number[] = []
  const watch = (async () => {
    while (!isOver) {
      const sent = performance.now()
      await send(`${again.origin}/api/todos`, { headers: headers(bystander) })
      latencies.push(performance.now() - sent)
      await Bun.sleep(20)
    }
  })()
  const { opened, pulled, failures } = await back
  isOver = true
  await watch
  const seconds = (times: number[], which: number) => ((percentile(times, which) - start) / 1000).toFixed(1)
  printTable(
    `${crowd.length} clients come back after a restart (stopped in ${(stopped / 1000).toFixed(1)} s), each reading all it has: ${failures} failed`,
    ["seconds after the start of the server", "half", "99 %", "all"],
    [
      ["Streams open", ...[50, 99, 100].map((which) => seconds(opened, which))],
      ["Read", ...[50, 99, 100].map((which) => seconds(pulled, which))],
    ],
  )
  console.log(
    `Meanwhile GET /api/todos of someone else: p50 ${milliseconds(percentile(latencies, 50))}, p95 ${milliseconds(percentile(latencies, 95))}, p99 ${milliseconds(percentile(latencies, 99))}, worst ${milliseconds(percentile(latencies, 100))} ms.`,
  )
  await clients.stop()
  return again
}
