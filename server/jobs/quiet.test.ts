import { afterEach, expect, test } from "bun:test"
import pino from "pino"
import { testDatabase } from "../testing/database.ts"
import { type Quiet, whenReleased } from "./quiet.ts"

const { sql } = await testDatabase()
const log = pino({ level: "silent" })
let quiet: Quiet | undefined
afterEach(() => quiet?.stop())

test("a database that was never restored works at once", async () => {
  let begun = 0
  quiet = await whenReleased(sql, log, async () => {
    begun += 1
  })
  expect([begun, quiet.pause()]).toEqual([1, null])
})

test("a restored one does nothing until it is released, and then once", async () => {
  const [{ id }] = await sql<[{ id: string }]>`
    insert into restores (backup, taken_at) values ('20261121T214554Z-4f9a1c', now() - interval '1 day') returning id`
  let begun = 0
  quiet = await whenReleased(
    sql,
    log,
    async () => {
      begun += 1
    },
    20,
  )
  await Bun.sleep(100)
  expect(begun).toBe(0)
  expect(quiet.pause()).toMatchObject({ reason: "restored from a backup and not released" })
  await sql`update restores set released_at = now() where id = ${id}`
  for (let waited = 0; begun === 0 && waited < 5_000; waited += 20) await Bun.sleep(20)
  await Bun.sleep(60)
  expect([begun, quiet.pause()]).toEqual([1, null])
})
