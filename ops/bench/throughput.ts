import { Passwords } from "../../server/accounts/passwords.ts"
import type { Pool } from "../../server/database/connect.ts"
import { listTodos } from "../../server/todos/listing.ts"
import { type Caller, signIn } from "./callers.ts"
import { PASSWORD } from "./database.ts"
import { type Figures, inTurns, send, type Timing } from "./load.ts"
import { milliseconds, printTable, share } from "./table.ts"

type Subjects = { sql: Pool; callers: Caller[]; docket: string; bare: string; timing: Timing }

/** Docket beside its limits: the same work without routing, sign-in and checks. Prints a table. */
export async function throughput(subjects: Subjects) {
  const lists = await listAll(subjects)
  const listOfOne = await listOne(subjects)
  const creations = await create(subjects)
  const completions = await complete(subjects)
  const signIns = await signInOverAndOver(subjects)
  printTable(
    `${subjects.timing.connections} connections, the median of ${subjects.timing.rounds} rounds`,
    ["", "req/s", "p50 ms", "p99 ms", "limit req/s", "share"],
    [
      row("List 50 todos", lists),
      row("List 50 todos of one list", listOfOne),
      row("Create a todo", creations),
      row("Complete a todo", completions),
      row("Sign in (limit: argon2id alone)", signIns),
    ],
  )
  console.log(
    `\nListing does ${share(lists.docket.rate, lists.statement.rate)} of the same statement in a loop on the pool without HTTP (${lists.statement.rate.toFixed(0)} a second).`,
  )
}

function listAll({ sql, callers, docket, bare, timing }: Subjects) {
  const of = inTurn(callers)
  return inTurns(
    {
      docket: async (n) => {
        await send(`${docket}/api/todos?limit=50`, { headers: of(n).headers })
      },
      limit: async (n) => {
        await send(`${bare}/list?account=${of(n).accountId}`)
      },
      statement: async (n) => {
        await listTodos(sql, of(n).accountId, { limit: 50 })
      },
    },
    timing,
  )
}

function listOne({ callers, docket, bare, timing }: Subjects) {
  const of = inTurn(callers)
  return inTurns(
    {
      docket: async (n) => {
        await send(`${docket}/api/todos?limit=50&listId=${of(n).listId}`, { headers: of(n).headers })
      },
      limit: async (n) => {
        await send(`${bare}/list-of-one?account=${of(n).accountId}&list=${of(n).listId}`)
      },
    },
    timing,
  )
}

function create({ callers, docket, bare, timing }: Subjects) {
  const of = inTurn(callers)
  const body = (n: number) =>
    JSON.stringify({
      title: `Buy oat milk, rye bread and apples ${n}`,
      priority: "low",
      dueDate: "2026-06-30",
    })
  return inTurns(
    {
      docket: async (n) => {
        const { headers } = of(n)
        await send(`${docket}/api/todos`, { method: "POST", status: 201, headers, body: body(n) })
      },
      limit: async (n) => {
        await send(`${bare}/create?account=${of(n).accountId}`, { method: "POST", body: body(n) })
      },
    },
    timing,
  )
}

function complete({ callers, docket, bare, timing }: Subjects) {
  // Each is completed once: doing it again changes nothing.
  let completed = 0
  const nextOpen = () => {
    const caller = callers[completed % callers.length]!
    const todo = caller.openTodos[Math.floor(completed++ / callers.length)]
    if (!todo) throw new Error("There are no open todos left to complete.")
    return { ...caller, todo }
  }
  return inTurns(
    {
      docket: async () => {
        const { headers, todo } = nextOpen()
        await send(`${docket}/api/todos/${todo}/completion`, { method: "PUT", headers })
      },
      limit: async () => {
        const { accountId, todo } = nextOpen()
        await send(`${bare}/complete?account=${accountId}&todo=${todo}`)
      },
    },
    timing,
  )
}

async function signInOverAndOver({ sql, docket, timing }: Subjects) {
  const passwords = new Passwords()
  const [{ passwordHash }] = await sql<[{ passwordHash: string }]>`select password_hash from accounts limit 1`
  // Everyone signs in from a new address each time, and never often enough to be held back.
  let signedIn = 0
  return inTurns(
    {
      docket: () => {
        const n = signedIn++
        return signIn(docket, `person0-${n % 100}@example.org`, `198.18.${(n >> 8) & 255}.${n & 255}`)
      },
      limit: async () => {
        await passwords.verify(PASSWORD, passwordHash)
      },
    },
    { ...timing, rounds: Math.min(3, timing.rounds) },
  )
}

const inTurn = (callers: Caller[]) => (n: number) => callers[n % callers.length]!

const row = (name: string, { docket, limit }: { docket: Figures; limit: Figures }): string[] => [
  name,
  docket.rate.toFixed(0),
  milliseconds(docket.p50),
  milliseconds(docket.p99),
  limit.rate.toFixed(0),
  share(docket.rate, limit.rate),
]
