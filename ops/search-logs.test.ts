import { expect, test } from "bun:test"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { searchLogs } from "./search-logs.ts"

async function searched(log: string, secrets: string[]) {
  const folder = await mkdtemp(join(tmpdir(), "docket-logs-"))
  await Bun.write(join(folder, "1.log"), log)
  await Bun.write(join(folder, "1.secrets"), secrets.map((secret) => `${JSON.stringify(secret)}\n`).join(""))
  return searchLogs(folder)
}

test("a log that keeps its secrets", async () => {
  const line =
    '{"message":"sent to s***@example.org","at":"@elysiajs/cors@1.4.2","url":"postgres://***@db/docket"}\n'
  expect(await searched(line, ["correct horse battery"])).toEqual({ lines: 1, secrets: 1, found: [] })
})

test("what was sent is found, and not shown again", async () => {
  const { found } = await searched('{"message":"no such account: correct horse battery"}', [
    "correct horse battery",
  ])
  expect(found).toHaveLength(1)
  expect(found[0]).not.toContain("horse")
})

test.each([
  '{"message":"letter to someone@example.org"}',
  '{"header":"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkwIn0.c2lnbmF0dXJl"}',
  "cannot reach postgres://docket:hunter2@db.internal/docket",
])("what was not known to be sent is found by its shape: %s", async (line) => {
  expect((await searched(line, [])).found).not.toEqual([])
})
