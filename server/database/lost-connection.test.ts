import { afterAll, expect, test } from "bun:test"
import { testDatabase } from "../testing/database.ts"
import { connect } from "./connect.ts"
import { databaseProblem } from "./failures.ts"

const { url } = await testDatabase()
// One connection, so that what comes after one that was lost is asked on the same.
const sql = connect(url, { max: 1, statementTimeout: 30_000 })
afterAll(() => sql.end())

test("a connection that is lost fails what was asked on it, and nothing that comes after", async () => {
  for (let times = 0; times < 3; times++) {
    const lost = sql.begin(async (sql) => {
      await sql`select 1`
      await sql`select pg_terminate_backend(pg_backend_pid())`
    })
    const error = await lost.then(
      () => null,
      (error) => error,
    )
    expect(databaseProblem(error)?.status).toBe(503)
    expect([...(await sql`select 2 as two`)]).toEqual([{ two: 2 }])
    const [row] = await sql.begin((sql) => sql`select 3 as three`)
    expect(row).toEqual({ three: 3 })
  }
})
