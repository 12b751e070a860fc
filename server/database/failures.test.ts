import { expect, test } from "bun:test"
import { testDatabase } from "../testing/database.ts"
import { connect } from "./connect.ts"
import { databaseProblem } from "./failures.ts"

const { sql, url } = await testDatabase()

/** The problem that a query's failure is told as. */
const problemOf = (query: PromiseLike<unknown>) => Promise.resolve(query).then(() => null, databaseProblem)

test("a statement that takes too long is the server's fault, and says when to try again", async () => {
  const hasty = connect(url, { max: 1, statementTimeout: 50 })
  const problem = await problemOf(hasty`select pg_sleep(30)`)
  expect(problem).toMatchObject({ status: 503, slug: "timed-out" })
  expect(problem?.options.headers).toHaveProperty("Retry-After")
  expect(await hasty`select 1 as one`).toHaveLength(1)
  await hasty.end()
})

test("a connection that is ended, refused, or never comes is a database that is away", async () => {
  const other = connect(url, { max: 1, statementTimeout: 30_000 })
  const [{ pid }] = await other<[{ pid: number }]>`select pg_backend_pid() as pid`
  const sleeping = problemOf(other`select pg_sleep(30)`)
  await Bun.sleep(100)
  await sql`select pg_terminate_backend(${pid})`
  expect(await sleeping).toMatchObject({ status: 503, slug: "database-unavailable" })
  // The driver tells the first query on the new connection, too, how the old one ended.
  const first = await problemOf(other`select 1`)
  expect([null, "database-unavailable"]).toContain(first?.slug ?? null)
  expect(await other`select 1 as one`).toHaveLength(1)
  await other.end()

  const nowhere = connect("postgres://docket@127.0.0.1:9/docket", { max: 1, statementTimeout: 0 })
  expect(await problemOf(nowhere`select 1`)).toMatchObject({ slug: "database-unavailable" })
})

test("a statement's own fault is not", async () => {
  for (const fault of [sql`select 1 / 0`, sql`select * from nothing`, sql`select ${"x"}::uuid`]) {
    expect(await problemOf(fault)).toBeNull()
  }
})
