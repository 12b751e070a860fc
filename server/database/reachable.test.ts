import { afterAll, expect, test } from "bun:test"
import pino from "pino"
import { connect } from "./connect.ts"
import { untilReachable } from "./reachable.ts"

/** What PostgreSQL and PgBouncer answer to a connection that they refuse (protocol: ErrorResponse). */
const refusal = (code: string, message: string) => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`)
  const length = Buffer.alloc(4)
  length.writeInt32BE(fields.length + 4)
  return Buffer.concat([Buffer.from("E"), length, fields])
}

let answer = refusal("00000", "")
const server = Bun.listen({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    data(socket) {
      socket.end(answer)
    },
  },
})
const sql = connect(`postgres://u:hunter2@127.0.0.1:${server.port}/docket`, { max: 1, statementTimeout: 0 })
afterAll(async () => {
  await sql.end({ timeout: 0 })
  server.stop(true)
})

const said = (variable: "DATABASE_URL" | "DATABASE_DIRECT_URL", patience?: number) =>
  untilReachable(sql, pino({ level: "silent" }), variable, patience).catch(({ name, message }) => {
    expect(message).not.toContain("hunter2")
    return `${name}: ${message}`
  })

test("a pooler that its URL does not name is refused at once, and the way past it told", async () => {
  answer = refusal("08P01", "unsupported startup parameter: statement_timeout")
  expect(await said("DATABASE_URL")).toContain("add ?pgbouncer=true to it, and set DATABASE_DIRECT_URL")
  expect(await said("DATABASE_DIRECT_URL")).toContain("DATABASE_DIRECT_URL leads to a pooler")
})

test("what no waiting mends is said of the variable that is wrong", async () => {
  answer = refusal("28P01", "password authentication failed for user u")
  expect(await said("DATABASE_DIRECT_URL")).toContain("the password of DATABASE_DIRECT_URL")
  answer = refusal("3D000", "database docket does not exist")
  expect(await said("DATABASE_URL")).toContain("named in DATABASE_URL does not exist")
})

test("a database that is on its way up is waited for, and given up in the end", async () => {
  answer = refusal("57P03", "the database system is starting up")
  expect(await said("DATABASE_URL", 0.5)).toContain("could not be reached for 0.5 s (57P03)")
})
