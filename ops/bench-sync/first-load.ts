import { percentile } from "../bench/load.ts"
import { milliseconds, printTable } from "../bench/table.ts"
import type { Person } from "./database.ts"

/** A new device of someone with very many todos reads them all, one device at a time. Prints a table. */
export async function firstLoad(origin: string, { token }: Person, rounds: number) {
  const firstPages: number[] = []
  const wholes: number[] = []
  let [rows, bytes, pages] = [0, 0, 0]
  for (let round = 0; round <= rounds; round += 1) {
    const cursor = {}
    let epoch: string | null = null
    ;[rows, bytes, pages] = [0, 0, 0]
    const start = performance.now()
    for (let more = true; more; pages += 1) {
      const answer = await fetch(`${origin}/api/sync`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ v: 1, epoch, cursor, ops: [] }),
      })
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(`${answer.status} ${text}`)
      const page = JSON.parse(text)
      ;({ epoch, more } = page)
      Object.assign(cursor, page.cursor)
      rows += page.changes.length
      bytes += text.length
      if (pages === 0 && round > 0) firstPages.push(performance.now() - start)
    }
    if (round > 0) wholes.push(performance.now() - start)
    // The account's own limit is for clients that never stop.
    await Bun.sleep(500)
  }
  printTable(
    `A new device reads ${rows} rows (${(bytes / 1e6).toFixed(1)} MB of JSON, ${pages} pages)`,
    ["", "p50 ms", "worst ms"],
    [
      ["The first 500 open todos", ...[50, 100].map((which) => milliseconds(percentile(firstPages, which)))],
      ["All", ...[50, 100].map((which) => milliseconds(percentile(wholes, which)))],
    ],
  )
}
