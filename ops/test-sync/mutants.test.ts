import { beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { startCluster } from "../../server/testing/cluster.ts"
import type { Report } from "./lane.ts"
import { MUTANTS } from "./mutants.ts"

/** Milliseconds. */
const PATIENCE = 120_000

let cluster: string
beforeAll(async () => {
  cluster = process.env.TEST_DATABASE_CLUSTER ?? (await startCluster())
}, PATIENCE)

/** What the simulation says of `seed`, or of `only` some steps of it, with the engine broken, or as it is. */
async function simulated(seed: number, mutant?: string, only?: string): Promise<Report> {
  const child = Bun.spawn(
    [
      process.execPath,
      "--conditions=browser",
      join(import.meta.dir, "lane.ts"),
      ...[cluster, 0, seed, 1, 1].map(String),
      "--first",
      ...(mutant ? [`--mutant=${mutant}`] : []),
      ...(only ? [`--only=${only}`] : []),
    ],
    { stdout: "pipe", stderr: "inherit" },
  )
  const text = await new Response(child.stdout).text()
  expect(await child.exited).toBe(0)
  return JSON.parse(text.trim())
}

for (const [name, { seed, only, found }] of Object.entries(MUTANTS))
  test(
    `the simulation finds out that ${name}`,
    async () => {
      expect((await simulated(seed, name, only)).failure).toMatch(found)
    },
    PATIENCE,
  )

test(
  "a seed is the same each time",
  async () => {
    const [once, again] = [await simulated(3), await simulated(3)]
    expect(once.failure).toBeNull()
    expect(again).toEqual(once)
  },
  PATIENCE,
)
