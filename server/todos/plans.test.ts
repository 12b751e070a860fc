import { describe, expect, test } from "bun:test"
import { testDatabase } from "../testing/database.ts"
import { type Plan, planNodes, rowsRead, scans } from "../testing/plan.ts"
import { seed } from "../testing/seed.ts"
import { listingStatement } from "./listing-statement.ts"
import { SORTS, type TodosQuery } from "./shapes.ts"

// What PostgreSQL does for the listings, over 20,000 todos: as a prepared statement's one plan for all callers, which
// is what the server runs, and for an account of many todos.
const { sql } = await testDatabase()
const [owner] = await seed(sql, { accounts: 1, lists: 4, todos: 2500, prefix: "many", passwordHash: "" })
await seed(sql, { accounts: 100, lists: 4, todos: 25, prefix: "few", passwordHash: "" })
await sql`vacuum analyze`
const [inbox] = await sql<[{ id: string }]>`
  select lists.id from lists join memberships on space_id = lists.id where account_id = ${owner!} and is_inbox`

async function explain(query: TodosQuery, mode: "force_generic_plan" | "force_custom_plan"): Promise<Plan[]> {
  const { text, parameters } = listingStatement(owner!, query, null, 51)
  const connection = await sql.reserve()
  try {
    await connection.unsafe(`set plan_cache_mode = ${mode}`)
    await connection.unsafe(`prepare listing as ${text}`)
    const literals = parameters.map((value) => (typeof value === "number" ? value : `'${value}'`))
    const [row] = await connection.unsafe(
      `explain (analyze, format json) execute listing(${literals.join(", ")})`,
    )
    await connection.unsafe("deallocate listing")
    return planNodes(row!)
  } finally {
    connection.release()
  }
}

const indexes = (plan: Plan[]) =>
  new Set(plan.map((node) => node["Index Name"]).filter((name) => name?.startsWith("todos_")))

const INDEX: Record<(typeof SORTS)[number], string> = {
  position: "todos_by_position",
  dueDate: "todos_by_due_date",
  priority: "todos_by_priority",
  title: "todos_by_title",
  createdAt: "todos_by_created_at",
  updatedAt: "todos_by_updated_at",
  completedAt: "todos_by_completed_at",
}

describe("a page is read through the index of its sort, and little more than a page is read", () => {
  for (const sort of SORTS)
    for (const direction of ["ascending", "descending"] as const)
      for (const [which, query] of [
        ["of one list", { listId: inbox.id }],
        ["of all lists", {}],
        ["of all lists' open todos", { completed: false }],
      ] as [string, TodosQuery][])
        test(`${sort}, ${direction}, ${which}`, async () => {
          for (const mode of ["force_generic_plan", "force_custom_plan"] as const) {
            const plan = await explain({ ...query, sort, direction }, mode)
            expect([...indexes(plan)].filter((name) => name !== "todos_pkey")).toEqual([INDEX[sort]])
            expect(scans(plan, "todos")).toEqual([])
            // 51 from each branch of each list at most, and 51 more where rows are fetched after the merge; averages are rounded.
            const branches = (query.listId ? 1 : 4) * (query.completed === undefined ? 2 : 1) * 2
            expect(rowsRead(plan, "todos")).toBeLessThanOrEqual(51 * branches + 60)
          }
        })
})

test("a search goes through the trigrams", async () => {
  const plan = await explain({ text: "extractor hood 1234" }, "force_custom_plan")
  expect([...indexes(plan)]).toContain("todos_search")
  expect(rowsRead(plan, "todos")).toBeLessThan(500)
})
