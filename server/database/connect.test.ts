import { describe, expect, test } from "bun:test"
import { testDatabase } from "../testing/database.ts"
import { connect, connectionUrl, isoFromPostgres, isTransactionPooler } from "./connect.ts"

describe("a hosted database's URL", () => {
  test("loses what the driver would pass on, and is verified", () => {
    const neon =
      "postgres://u:p%40ss@ep-x-1.eu-central-1.aws.neon.tech/docket?sslmode=require&channel_binding=require"
    expect(connectionUrl(neon)).toBe(
      "postgres://u:p%40ss@ep-x-1.eu-central-1.aws.neon.tech/docket?sslmode=verify-full",
    )
    expect(
      connectionUrl("postgres://h/d?pgbouncer=true&sslmode=disable&schema=public&options=-c%20x%3D1"),
    ).toBe("postgres://h/d?sslmode=disable&options=-c+x%3D1")
  })

  test("tells a transaction pooler", () => {
    for (const pooler of [
      "postgres://u@ep-x-1-pooler.eu-central-1.aws.neon.tech/docket",
      "postgres://u@aws-0-eu-central-1.pooler.supabase.com:6543/postgres",
      "postgres://u@127.0.0.1:6432/docket?pgbouncer=true",
    ]) {
      expect(isTransactionPooler(pooler)).toBe(true)
    }
    for (const direct of [
      "postgres://u@ep-x-1.eu-central-1.aws.neon.tech/docket",
      "postgres://u@aws-0-eu-central-1.pooler.supabase.com:5432/postgres",
      "postgres://u@127.0.0.1/docket-pooler.x",
    ]) {
      expect(isTransactionPooler(direct)).toBe(false)
    }
  })
})

test("the statement timeout is sent with the connection, none as well, and nothing to a pooler", async () => {
  const { sql: plain, url } = await testDatabase()
  const ofThisDatabase = `alter role current_user in database ${new URL(url).pathname.slice(1)}`
  await plain.unsafe(`${ofThisDatabase} set statement_timeout = '77s'`)
  const timeout = async (url: string, statementTimeout: number) => {
    const sql = connect(url, { max: 1, statementTimeout })
    const [row] = await sql`select current_setting('statement_timeout') as it`
    await sql.end()
    return row?.it
  }
  try {
    expect(await timeout(url, 5_000)).toBe("5s")
    expect(await timeout(url, 0)).toBe("0")
    expect(await timeout(`${url}?pgbouncer=true`, 5_000)).toBe("77s")
  } finally {
    await plain.unsafe(`${ofThisDatabase} reset statement_timeout`)
  }
})

test("a transaction of a process that hangs lets go of what it has locked", async () => {
  const { sql, url } = await testDatabase()
  await sql`create table birds as select 1 as id`
  const hung = connect(url, { max: 1, statementTimeout: 0 })
  const transaction = hung.begin(async (sql) => {
    await sql`update birds set id = 2`
    await Bun.sleep(7_000)
    await sql`select 1`
  })
  const outcome = transaction.then(
    () => "committed",
    (error) => error.code,
  )
  await Bun.sleep(200)
  await sql`update birds set id = 3`
  expect(["25P03", "CONNECTION_CLOSED"]).toContain(await outcome)
  const [bird] = await sql`select id from birds`
  expect(bird).toEqual({ id: 3 })
  await hung.end()
})

// Without the patch of the driver (ops/patches) a write to the closed connection ends the process, and what such a
// transaction goes on with is done in the session after, outside of any.
test.each(["idle", "asking", "failing"])(
  "a transaction whose session is ended while it is %s fails, and does nothing more",
  async (how) => {
    const { sql, url } = await testDatabase()
    await sql`create table birds (name text)`
    const pool = connect(url, { max: 1, statementTimeout: 0 })
    const ended = Promise.withResolvers<void>()
    const transaction = pool.begin(async (inside) => {
      const [session] = await inside`select pg_backend_pid() as pid`
      const asked = how === "asking" && inside`select pg_sleep(5)`.execute()
      await Bun.sleep(100)
      await sql`select pg_terminate_backend(${session!.pid})`
      await Bun.sleep(500)
      try {
        if (how === "failing") throw new Error("ours")
        await asked
      } finally {
        await inside`insert into birds values ('late')`.catch(() => {})
        ended.resolve()
      }
    })
    await expect(transaction).rejects.toThrow("CONNECTION_CLOSED")
    await pool`select 1`.catch(() => {})
    await ended.promise
    expect((await pool`select name from birds`).length).toBe(0)
    await pool.end()
  },
)

describe("rows are the wire's shape", async () => {
  const { sql } = await testDatabase()

  test("moments of every kind that PostgreSQL has", async () => {
    const cases: [string, string][] = [
      ["2026-01-31 12:00:00+00", "2026-01-31T12:00:00.000Z"],
      ["2026-01-31 12:00:00.1+00", "2026-01-31T12:00:00.100Z"],
      ["2026-01-31 12:00:00.999999+00", "2026-01-31T12:00:00.999Z"],
      ["2026-01-31 12:00:00.000001+00", "2026-01-31T12:00:00.000Z"],
      ["2026-01-31 12:00:00+05:30", "2026-01-31T06:30:00.000Z"],
      ["0001-01-01 00:00:00+00", "0001-01-01T00:00:00.000Z"],
      ["9999-12-31 23:59:59.999+00", "9999-12-31T23:59:59.999Z"],
      ["0001-12-31 23:59:59.5+00 BC", "0000-12-31T23:59:59.500Z"],
      ["0044-03-15 12:00:00+00 BC", "-000043-03-15T12:00:00.000Z"],
      ["12026-01-31 12:00:00.25+00", "+012026-01-31T12:00:00.250Z"],
      ["infinity", "infinity"],
      ["-infinity", "-infinity"],
    ]
    for (const [written, read] of cases) {
      const [row] = await sql`select ${written}::text::timestamptz as moment`
      expect(row?.moment, written).toBe(read)
      if (read.endsWith("Z")) expect(new Date(read).toISOString()).toBe(read)
    }
    expect(isoFromPostgres("nonsense")).toBe("nonsense")
  })

  test("in whatever time zone the process runs, a Date is the same moment", async () => {
    const moment = new Date("2026-03-29T01:30:00.123Z")
    const [row] =
      await sql`select ${moment as never}::timestamptz as moment, ${"2026-02-28"}::date as day, 7::bigint as rev`
    expect(row).toEqual({ moment: "2026-03-29T01:30:00.123Z", day: "2026-02-28", rev: 7 })
  })
})
