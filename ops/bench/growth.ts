import type { Pool } from "../../server/database/connect.ts"
import { listTodos } from "../../server/todos/listing.ts"
import { SORTS, type TodosQuery } from "../../server/todos/shapes.ts"
import { inTurns } from "./load.ts"
import { milliseconds, printTable } from "./table.ts"

type Owner = { accountId: string; listId: string }

/**
 * How a page of 50 grows with what an account holds, 1,000 todos or `manyTodos`, both in 20 lists: one request at a
 * time, so that the statement's own time shows. Prints a table.
 */
export async function growth(sql: Pool, manyTodos: number, duration: number) {
  const few = await ownerOf(sql, "person0-1@example.org")
  const many = await ownerOf(sql, "many0@example.org")
  const rows: string[][] = []
  for (const [name, query] of QUERIES) {
    const read = (owner: Owner) => async () => {
      await listTodos(sql, owner.accountId, query === "inbox" ? { listId: owner.listId } : query)
    }
    const figures = await inTurns(
      { few: read(few), many: read(many) },
      { rounds: 3, connections: 1, duration },
    )
    const ratio = figures.many.p50 / figures.few.p50
    rows.push([name, milliseconds(figures.few.p50), milliseconds(figures.many.p50), ratio.toFixed(2)])
  }
  const header = ["", "1,000 todos", `${manyTodos.toLocaleString("en")} todos`, "ratio"]
  printTable("How listing 50 grows with what an account holds (ms, p50)", header, rows)
}

const QUERIES: [string, TodosQuery | "inbox"][] = [
  ["One list, in its order", "inbox"],
  ["All lists, in their order", {}],
  ...SORTS.filter((sort) => sort !== "position").flatMap((sort): [string, TodosQuery][] => [
    [`All lists, by ${sort}`, { sort }],
    [`All lists, by ${sort}, descending`, { sort, direction: "descending" }],
  ]),
  ["All open todos, by dueDate", { sort: "dueDate", completed: false }],
  ["Search for “extractor hood”", { text: "extractor hood" }],
  ["Search for “妈妈”", { text: "妈妈" }],
]

async function ownerOf(sql: Pool, email: string): Promise<Owner> {
  const [owner] = await sql<[Owner]>`
    select accounts.id as account_id, lists.id as list_id
    from accounts
    join memberships on memberships.account_id = accounts.id
    join lists on lists.id = memberships.space_id
    where accounts.email = ${email} and lists.is_inbox`
  return owner
}
