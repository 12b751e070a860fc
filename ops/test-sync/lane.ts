/**
 * One process of `bun run test:sync`: runs seeds, one after the other, on a database of its own, and writes a line of JSON
 * for each. Arguments: the cluster's URL, this lane's number, the first seed, how many, the step from one to the next;
 * `--only=3,7` runs these steps of the seed alone, `--mutant=name` breaks the engine first.
 */
import { parseArgs } from "node:util"
import { connect } from "../../server/database/connect.ts"
import { databaseProblem } from "../../server/database/failures.ts"
import { prepare } from "./database.ts"
import { breakEngine } from "./mutants.ts"
import { type Plan, planOf } from "./plan.ts"
import { shrink } from "./shrink.ts"
import type { Outcome } from "./simulation.ts"

export type Report = {
  seed: number
  failure: string | null
  requests: number
  wishes: number
  /**
   * Of a failure: the numbers of the fewest steps with which it fails, what they are, and how it fails then; null if the same
   * steps did not fail again.
   */
  shrunk?: { only: number[]; steps: string[]; failure: string } | null
}

/** Of what loses its connection to PostgreSQL, before that counts as a failure. */
const TRIES = 5

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
await patiently(() => admin.unsafe(`create database ${name} template docket_template`))
const url = Object.assign(new URL(cluster), { pathname: `/${name}` }).href
const sql = connect(url, { max: 4, statementTimeout: 10_000 })
await patiently(() => sql.begin(prepare))
console.warn = () => {}
try {
  for (let n = 0; n < count; n++) {
    const seed = first + n * step
    const whole = planOf(seed)
    const only = values.only?.split(",").map(Number)
    const plan = only ? { ...whole, steps: whole.steps.filter((step) => only.includes(step.n)) } : whole
    const outcome = await simulated(plan)
    const report: Report = { seed, ...outcome }
    if (outcome.failure && !values.first) report.shrunk = await shrunken(plan)
    process.stdout.write(`${JSON.stringify(report)}\n`)
    if (outcome.failure && values.first) break
  }
} finally {
  await sql.end({ timeout: 5 })
  await patiently(() => admin.unsafe(`drop database if exists ${name} with (force)`))
  await admin.end()
}
process.exit()

/** What a plan comes to, and its `steps`; from the beginning again where PostgreSQL was lost to the simulation itself. */
function simulated(plan: Plan, steps: string[] = []): Promise<Outcome> {
  return patiently(() => {
    steps.length = 0
    return simulate(plan, sql, (line) => steps.push(line))
  })
}

/** Does `work`, and again where the machine had so little time for it that PostgreSQL was lost. */
async function patiently<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!databaseProblem(error) || tries === TRIES) throw error
      console.error(`PostgreSQL was lost (${error}): begun again.`)
      await Bun.sleep(1_000)
    }
  }
}

async function shrunken(plan: Plan): Promise<Report["shrunk"]> {
  const shortest = await shrink(plan, async (candidate) => (await simulated(candidate)).failure !== null)
  if (!shortest) return null
  const steps: string[] = []
  const { failure } = await simulated(shortest, steps)
  return failure === null ? null : { only: shortest.steps.map(({ n }) => n), steps, failure }
}
