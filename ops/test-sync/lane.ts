/**
 * One process of `bun run test:sync`: runs seeds, one after the other, on a database of its own, and writes a line of JSON
 * for each. Arguments: the cluster's URL, this lane's number, the first seed, how many, the step from one to the next;
 * `--only=3,7` runs these steps of the seed alone, `--mutant=name` breaks the engine first.
 */
import { parseArgs } from "node:util"
import { connect } from "../../server/database/connect.ts"
import { prepare } from "./database.ts"
import { breakEngine } from "./mutants.ts"
import { planOf } from "./plan.ts"
import { shrink } from "./shrink.ts"

export type Report = {
  seed: number
  failure: string | null
  requests: number
  wishes: number
  /** Of a failure: the numbers of the fewest steps with which it fails, what they are, and how it fails then. */
  shrunk?: { only: number[]; steps: string[]; failure: string }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, mutant: { type: "string" }, first: { type: "boolean" } },
})
const [cluster, ...numbers] = positionals as [string, ...string[]]
const [lane, first, count, step] = numbers.map(Number) as [number, number, number, number]

if (values.mutant) breakEngine(values.mutant)
const { simulate } = await import("./simulation.ts")

const name = `test_sync_${process.pid}_${lane}`
const admin = connect(cluster, { max: 1, statementTimeout: 30_000 })
await admin.unsafe(`create database ${name} template docket_template`)
const url = Object.assign(new URL(cluster), { pathname: `/${name}` }).href
const sql = connect(url, { max: 4, statementTimeout: 10_000 })
await prepare(sql)
console.warn = () => {}
try {
  for (let n = 0; n < count; n++) {
    const seed = first + n * step
    const whole = planOf(seed)
    const only = values.only?.split(",").map(Number)
    const plan = only ? { ...whole, steps: whole.steps.filter((step) => only.includes(step.n)) } : whole
    const outcome = await simulate(plan, sql)
    const report: Report = { seed, ...outcome }
    if (outcome.failure && !values.first) report.shrunk = await shrunken(plan)
    process.stdout.write(`${JSON.stringify(report)}\n`)
    if (outcome.failure && values.first) break
  }
} finally {
  await sql.end({ timeout: 5 })
  await admin.unsafe(`drop database ${name} with (force)`)
  await admin.end()
}
process.exit()

async function shrunken(plan: ReturnType<typeof planOf>): Promise<Report["shrunk"]> {
  const shortest = await shrink(plan, async (candidate) => (await simulate(candidate, sql)).failure !== null)
  const steps: string[] = []
  const { failure } = await simulate(shortest, sql, (line) => steps.push(line))
  return { only: shortest.steps.map(({ n }) => n), steps, failure: failure ?? "" }
}
