import { expect, test } from "bun:test"
import type { Sql } from "../database/connect.ts"
import { testDatabase } from "../testing/database.ts"
import { type Plan, planNodes, rowsRead, scans } from "../testing/plan.ts"
import { seed } from "../testing/seed.ts"
import { readChanges, readPhase, type Walk } from "./queries.ts"

// What PostgreSQL does for a pull, over 20,000 todos, as a prepared statement's one plan for all callers.
const { sql } = await testDatabase()
const [owner] = await seed(sql, { accounts: 1, lists: 4, todos: 2500, prefix: "many", passwordHash: "" })
await seed(sql, { accounts: 100, lists: 4, todos: 25, prefix: "few", passwordHash: "" })
const spaces = await sql<{ id: string }[]>`
  select space_id as id from memberships where account_id = ${owner!} order by position`
await sql`
  insert into tombstones (space_id, entity, row_id, rev)
  select ${spaces[0]!.id}, 'todo', uuidv7(), n from generate_series(1, 2000) n`
await sql`vacuum analyze`

const FIRST = "00000000-0000-0000-0000-000000000000"
const walk = (at: number, rev: number): Walk => ({ spaceId: spaces[at]!.id, rev, position: "", after: FIRST })

/** The plan of what `read` prepares, run with these parameters. */
async function planOf(read: (connection: Sql) => Promise<unknown>, parameters: unknown[]): Promise<Plan[]> {
  const connection = await sql.reserve()
  try {
    await connection`set plan_cache_mode = force_generic_plan`
    await connection`deallocate all`
    await read(connection as unknown as Sql)
    const [prepared] = await connection.unsafe(
      "select name from pg_prepared_statements where statement like '%with ordinality as walk%'",
    )
    const literals = parameters.map((value) =>
      Array.isArray(value) ? `'{${value.map((item) => `"${item}"`)}}'` : `'${value}'`,
    )
    const [row] = await connection.unsafe(
      `explain (analyze, format json) execute "${prepared!.name}" (${literals.join(", ")})`,
    )
    return planNodes(row!)
  } finally {
    connection.release()
  }
}

test("changes are read along the revs of each space, and no more than are given out", async () => {
  const walks = [walk(0, 1500), walk(1, 2400), walk(2, 9999)]
  const columns = ["spaceId", "rev", "position", "after"] as const
  const plan = await planOf(
    (connection) => readChanges(connection, owner!, walks, 50),
    [...columns.map((name) => walks.map((walk) => walk[name])), owner, 50, 50, 50, 50],
  )
  expect(scans(plan, "todos")).toEqual([])
  expect(scans(plan, "tombstones")).toEqual([])
  // A page of each table from each of the three spaces, whatever is asked for after it.
  expect(rowsRead(plan, "todos")).toBeLessThanOrEqual(3 * 50)
  expect(rowsRead(plan, "tombstones")).toBeLessThanOrEqual(3 * 50)
})

for (const phase of [0, 1, 2] as const)
  test(`a first load's phase ${phase} is read along the positions, and no more than is given out`, async () => {
    const walks = [walk(0, 1), walk(1, 1), walk(2, 1), walk(3, 1)]
    const columns = ["spaceId", "rev", "position", "after"] as const
    const plan = await planOf(
      (connection) => readPhase(connection, owner!, phase, walks, 100),
      [...columns.map((name) => walks.map((walk) => walk[name])), owner, 100, 100],
    )
    expect(scans(plan, "todos")).toEqual([])
    expect(rowsRead(plan, "todos")).toBeLessThanOrEqual(4 * 100)
  })
