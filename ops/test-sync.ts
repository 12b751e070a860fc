/**
 * `bun run test:sync`: the sync engine under faults, from seeds (docs/sync.md, "How it is proven"). `--seeds N` runs so many
 * (200 unless told), `--from S` from there, `--seed S` one alone, `--only 3,7` of it these steps, `--lanes N` side by side.
 */
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { startCluster } from "../server/testing/cluster.ts"
import type { Report } from "./test-sync/lane.ts"

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    only: { type: "string" },
    lanes: { type: "string", default: `${Math.min(4, availableParallelism())}` },
  },
})
const first = Number(values.seed ?? values.from)
const seeds = values.seed ? 1 : Number(values.seeds)
const lanes = Math.min(seeds, Number(values.lanes))
if (![first, seeds, lanes].every((number) => Number.isInteger(number) && number > 0)) {
  console.error("Usage: bun run test:sync [--seeds 200] [--from 1] [--lanes 2] [--seed 7 [--only 3,7]]")
  process.exit(2)
}

const started = performance.now()
const cluster = process.env.TEST_DATABASE_CLUSTER ?? (await startCluster())
const totals = { seeds: 0, failed: 0, requests: 0, wishes: 0 }
const codes = await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)))
const seconds = Math.round((performance.now() - started) / 1000)
console.log(
  `${totals.seeds} seeds from ${first}, ${totals.wishes} wishes, ${totals.requests} requests, ${totals.failed} failed (${seconds} s)`,
)
process.exit(totals.failed === 0 && totals.seeds === seeds && codes.every((code) => code === 0) ? 0 : 1)

async function runLane(lane: number): Promise<number> {
  const count = Math.floor((seeds - lane - 1) / lanes) + 1
  const child = Bun.spawn(
    [
      process.execPath,
      // Solid's build for browsers: the other one reacts to nothing.
      "--conditions=browser",
      join(import.meta.dir, "test-sync/lane.ts"),
      ...[cluster, lane, first + lane, count, lanes].map(String),
      ...(values.only ? [`--only=${values.only}`] : []),
    ],
    { stdout: "pipe", stderr: "inherit" },
  )
  let text = ""
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream() as never)) {
    text += chunk
    const lines = text.split("\n")
    text = lines.pop()!
    for (const line of lines) take(JSON.parse(line))
  }
  return child.exited
}

function take({ seed, failure, requests, wishes, shrunk }: Report) {
  totals.seeds += 1
  totals.requests += requests
  totals.wishes += wishes
  if (failure === null) return
  totals.failed += 1
  console.log(`\nSeed ${seed}: ${failure}`)
  if (shrunk === undefined) return
  if (shrunk === null)
    return console.log(`The same steps did not fail again: was it the machine? ${again(seed)}`)
  console.log(`As few steps as still fail: ${shrunk.failure}`)
  for (const step of shrunk.steps) console.log(`  ${step}`)
  console.log(`${again(seed)} --only ${shrunk.only.join(",")}`)
}

function again(seed: number) {
  return `Again: bun run test:sync --seed ${seed}`
}
