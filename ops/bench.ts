import { Passwords } from "../server/accounts/passwords.ts"
import { readConfig } from "../server/config.ts"
import { createAccessTokens } from "../server/sessions/access-token.ts"
import { createSession } from "../server/sessions/queries.ts"
import { listTodos } from "../server/todos/listing.ts"
import { SORTS, type TodosQuery } from "../server/todos/shapes.ts"
import { PASSWORD, type Size, seededDatabase } from "./bench/database.ts"
import { type Figures, inTurns, percentile, send } from "./bench/load.ts"
import { type Measured, startServer } from "./bench/processes.ts"

// Measures the server against its own limits on this machine, in one run: `bun run bench` (about five minutes, the
// first time two more to make its data), `bun run bench --quick` (a tenth of the data, rounds of a second).

const quick = process.argv.includes("--quick")
const size: Size = quick ? { people: 100, manyTodos: 100_000 } : { people: 1000, manyTodos: 1_000_000 }
const timing = { rounds: quick ? 3 : 7, connections: 10, duration: quick ? 1000 : 2000 }

process.stderr.write("Preparing the database…\n")
const database = await seededDatabase(size)
const { sql } = database
const environment = {
  DATABASE_URL: database.url,
  JWT_SECRET_KEY: "only for measuring, and long enough for that",
  FRONTEND_URL: "http://localhost:8000",
  // Every caller has its own address, as through a proxy: no switch turns limits off.
  TRUSTED_PROXIES: "127.0.0.1",
  LOG_LEVEL: "warn",
}
const docket = await startServer("server/main.ts", { environment, path: "/health/live" })
const bare = await startServer("ops/bench/bare-server.ts", { environment, path: "/" })

try {
  const callers = await signedInCallers()
  const of = (n: number) => callers[n % callers.length]!
  const rows: string[][] = []

  const lists = await inTurns(
    {
      docket: async (n) => {
        await send(`${docket.origin}/api/todos?limit=50`, { headers: of(n).headers })
      },
      limit: async (n) => {
        await send(`${bare.origin}/list?account=${of(n).accountId}`)
      },
      statement: async (n) => {
        await listTodos(sql, of(n).accountId, { limit: 50 })
      },
    },
    timing,
  )
  rows.push(row("List 50 todos", lists.docket, lists.limit))
  const ofOne = await inTurns(
    {
      docket: async (n) => {
        await send(`${docket.origin}/api/todos?limit=50&listId=${of(n).listId}`, { headers: of(n).headers })
      },
      limit: async (n) => {
        await send(`${bare.origin}/list-of-one?account=${of(n).accountId}&list=${of(n).listId}`)
      },
    },
    timing,
  )
  rows.push(row("List 50 todos of one list", ofOne.docket, ofOne.limit))
  const creations = await inTurns(
    {
      docket: async (n) => {
        const { headers } = of(n)
        await send(`${docket.origin}/api/todos`, { method: "POST", status: 201, headers, body: newTodo(n) })
      },
      limit: async (n) => {
        await send(`${bare.origin}/create?account=${of(n).accountId}`, { method: "POST", body: newTodo(n) })
      },
    },
    timing,
  )
  rows.push(row("Create a todo", creations.docket, creations.limit))
  // Each is completed once: doing it again changes nothing.
  let completed = 0
  const nextOpen = () => {
    const caller = of(completed)
    return { ...caller, todo: caller.openTodos[Math.floor(completed++ / callers.length)]! }
  }
  const completions = await inTurns(
    {
      docket: async () => {
        const { headers, todo } = nextOpen()
        await send(`${docket.origin}/api/todos/${todo}/completion`, { method: "PUT", headers })
      },
      limit: async () => {
        const { accountId, todo } = nextOpen()
        await send(`${bare.origin}/complete?account=${accountId}&todo=${todo}`)
      },
    },
    timing,
  )
  rows.push(row("Complete a todo", completions.docket, completions.limit))
  const passwords = new Passwords()
  const [{ passwordHash }] = await sql<[{ passwordHash: string }]>`select password_hash from accounts limit 1`
  const signIns = await inTurns(
    {
      docket: (n) => signIn(`person0-${n % 100}@example.org`, `198.18.${(n >> 8) & 255}.${n & 255}`),
      limit: async () => {
        await passwords.verify(PASSWORD, passwordHash)
      },
    },
    { ...timing, rounds: Math.min(3, timing.rounds) },
  )
  rows.push(row("Sign in (limit: argon2id alone)", signIns.docket, signIns.limit))

  print("", ["", "req/s", "p50 ms", "p99 ms", "limit req/s", "share"], rows)
  console.log(
    `\nListing does ${share(lists.docket.rate, lists.statement.rate)} of the same statement in a loop on the pool without HTTP (${lists.statement.rate.toFixed(0)} a second).`,
  )

  print("How listing 50 grows with what an account holds (ms, p50)", growthHeader(), await growth())
  await docket.eventLoopDelay()
  await hundredNewPeople()
  await whileHundredSignIn(of(0).headers)
  const memory = await docket.residentMemory()
  console.log(`\nMemory of the server after all of it: ${memory.toFixed(0)} MB resident.`)
} finally {
  await docket.stop()
  await bare.stop()
  await sql.end()
  await database.cluster.stop()
}

type Caller = { accountId: string; listId: string; openTodos: string[]; headers: Record<string, string> }

/** A hundred of the seeded people, each with a session, an access token and an address. */
async function signedInCallers(): Promise<Caller[]> {
  const people = await sql<
    { accountId: string; passwordHash: string; listId: string; openTodos: string[] }[]
  >`
    with people as (
      select id, password_hash from accounts where email like 'person0-%' order by id limit 100
    )
    select people.id as account_id, people.password_hash, inbox.id as list_id,
      array(
        select todos.id from todos join memberships on memberships.space_id = todos.list_id
        where memberships.account_id = people.id and not todos.is_completed and todos.trashed_at is null
          and memberships.space_id <> inbox.id
      ) as open_todos
    from people
    join lateral (
      select lists.id from memberships join lists on lists.id = memberships.space_id
      where memberships.account_id = people.id and lists.is_inbox
    ) inbox on true`
  const tokens = createAccessTokens(readConfig(environment))
  const sessionOf = async ({ accountId, passwordHash }: (typeof people)[number]) =>
    (await sql.begin((sql) =>
      createSession(sql, { accountId, passwordHash, userAgent: "Bench", address: "127.0.0.1" }),
    ))!.sessionId
  return Promise.all(
    people.map(async (person, n) => ({
      accountId: person.accountId,
      listId: person.listId,
      openTodos: person.openTodos,
      headers: {
        Authorization: `Bearer ${await tokens.sign({ accountId: person.accountId, sessionId: await sessionOf(person) })}`,
        "Content-Type": "application/json",
        "X-Forwarded-For": `198.51.100.${n}`,
      },
    })),
  )
}

function newTodo(n: number): string {
  return JSON.stringify({
    title: `Buy oat milk, rye bread and apples ${n}`,
    priority: "low",
    dueDate: "2026-06-30",
  })
}

async function signIn(email: string, address: string): Promise<void> {
  await send(`${docket.origin}/api/sessions`, {
    method: "POST",
    status: 201,
    headers: { "Content-Type": "application/json", "X-Forwarded-For": address },
    body: JSON.stringify({ email, password: PASSWORD }),
  })
}

function growthHeader() {
  return ["", "1,000 todos", `${size.manyTodos.toLocaleString("en")} todos`, "ratio"]
}

/** One request at a time, so that the statement's own time shows. */
async function growth(): Promise<string[][]> {
  const [few] = await inboxes("person0-1@example.org")
  const [many] = await inboxes("many0@example.org")
  const queries: [string, TodosQuery | "inbox"][] = [
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
  const rows: string[][] = []
  for (const [name, query] of queries) {
    const read = (owner: typeof few) => async () => {
      await listTodos(sql, owner!.accountId, query === "inbox" ? { listId: owner!.listId } : query)
    }
    const figures = await inTurns(
      { few: read(few), many: read(many) },
      { rounds: 3, connections: 1, duration: quick ? 150 : 400 },
    )
    rows.push([
      name,
      milliseconds(figures.few.p50),
      milliseconds(figures.many.p50),
      (figures.many.p50 / figures.few.p50).toFixed(2),
    ])
  }
  return rows
}

function inboxes(email: string) {
  return sql<{ accountId: string; listId: string }[]>`
    select accounts.id as account_id, lists.id as list_id
    from accounts
    join memberships on memberships.account_id = accounts.id
    join lists on lists.id = memberships.space_id
    where accounts.email = ${email} and lists.is_inbox`
}

async function hundredNewPeople() {
  const steps: Record<string, number[]> = { register: [], "sign in": [], create: [], list: [] }
  const start = performance.now()
  await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const headers: Record<string, string> = {
        "Content-Type": "application/json",
        "X-Forwarded-For": `203.0.113.${n}`,
      }
      const person = { email: `new-${n}@example.org`, password: `a new password, number ${n}` }
      const step = async (name: string, path: string, init: RequestInit & { status?: number }) => {
        const sent = performance.now()
        const text = await send(`${docket.origin}${path}`, { headers, ...init })
        steps[name]!.push(performance.now() - sent)
        return text
      }
      const post = (body: unknown) => ({ method: "POST", status: 201, body: JSON.stringify(body) })
      await step("register", "/api/accounts", post({ ...person, name: `Person ${n}` }))
      const session = JSON.parse(await step("sign in", "/api/sessions", post(person)))
      headers.Authorization = `Bearer ${session.accessToken}`
      await step("create", "/api/todos", post({ title: "The first thing" }))
      await step("list", "/api/todos", {})
    }),
  )
  const elapsed = performance.now() - start
  print(
    `100 new people at once, each registering, signing in, creating and listing: ${(elapsed / 1000).toFixed(2)} s`,
    ["", "p50 ms", "p99 ms"],
    Object.entries(steps).map(([name, times]) => [
      name,
      milliseconds(percentile(times, 50)),
      milliseconds(percentile(times, 99)),
    ]),
  )
  await eventLoop(docket)
}

/** Whether the rest stays quick while a hundred passwords are being hashed. */
async function whileHundredSignIn(headers: Record<string, string>) {
  const start = performance.now()
  let signingIn = true
  const everyone = Promise.all(
    Array.from({ length: 100 }, (_, n) => signIn(`person0-${n}@example.org`, `192.0.2.${n}`)),
  ).finally(() => {
    signingIn = false
  })
  const probe = async (url: string) => {
    const latencies: number[] = []
    while (signingIn) {
      const sent = performance.now()
      await send(url, { headers })
      latencies.push(performance.now() - sent)
      await Bun.sleep(5)
    }
    return [
      milliseconds(percentile(latencies, 50)),
      milliseconds(percentile(latencies, 99)),
      `${latencies.length}`,
    ]
  }
  const [live, list] = await Promise.all([
    probe(`${docket.origin}/health/live`),
    probe(`${docket.origin}/api/todos?limit=50`),
    everyone,
  ])
  print(
    `While 100 people sign in at once (${((performance.now() - start) / 1000).toFixed(2)} s)`,
    ["", "p50 ms", "p99 ms", "requests"],
    [
      ["GET /health/live", ...live],
      ["GET /api/todos", ...list],
    ],
  )
  await eventLoop(docket)
}

async function eventLoop(server: Measured) {
  const { p50, p99, max } = await server.eventLoopDelay()
  console.log(
    `Event loop late by: p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, at most ${milliseconds(max)} ms.`,
  )
}

function row(name: string, docket: Figures, limit: Figures): string[] {
  return [
    name,
    docket.rate.toFixed(0),
    milliseconds(docket.p50),
    milliseconds(docket.p99),
    limit.rate.toFixed(0),
    share(docket.rate, limit.rate),
  ]
}

function share(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(0)} %`
}

function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0)
}

function print(title: string, header: string[], rows: string[][]) {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)))
  const line = (cells: string[]) =>
    cells.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join("  ")
  console.log(`\n${title ? `${title}\n` : ""}${[header, ...rows].map(line).join("\n")}`)
}
