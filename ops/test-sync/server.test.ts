import { expect, setDefaultTimeout, test } from "bun:test"
import type { News } from "../../client/src/sync/protocol.ts"
import type { Op } from "../../client/src/sync/rows.ts"
import { virtualWorld } from "../../client/src/sync/testing/virtual-world.ts"
import { uuidv7 } from "../../client/src/sync/uuid.ts"
import { testDatabase } from "../../server/testing/database.ts"
import { createLedger } from "./ledger.ts"
import { startServer } from "./server.ts"

setDefaultTimeout(120_000)

test("all that an account may see is read once, also where it takes several pages", async () => {
  const { sql } = await testDatabase()
  const world = virtualWorld()
  const server = await startServer({ world, sql, people: 1, ledger: createLedger(), onNews: () => {} })
  const account = server.accounts[0]!
  const inbox = (await server.rowsOf(account)).find(({ entity }) => entity === "list")!.row.id
  const newId = () =>
    uuidv7(
      world.now(),
      Uint8Array.from({ length: 16 }, () => world.random() * 256),
    )
  const todos = Array.from({ length: 600 }, (_, n) => ({
    id: newId(),
    entity: "todo" as const,
    key: newId(),
    creates: true as const,
    fields: { listId: inbox, title: `todo ${n}`, position: "a0" },
  }))
  for (let sent = 0; sent < todos.length; sent += 200)
    await server.ask(account, { v: 1, epoch: null, cursor: {}, ops: todos.slice(sent, sent + 200) })

  const read = (await server.rowsOf(account)).flatMap(({ entity, row }) =>
    entity === "todo" ? [row.id] : [],
  )
  expect(read.sort()).toEqual(todos.map(({ key }) => key).sort())
})

test("who adds a list is told on every device that there is another space, and nobody else is", async () => {
  const { sql } = await testDatabase()
  const world = virtualWorld()
  const told: [accountId: string, news: News][] = []
  const server = await startServer({
    world,
    sql,
    people: 2,
    ledger: createLedger(),
    onNews: (accountId, news) => told.push([accountId, news]),
  })
  const [account] = server.accounts as [string, string]
  const [id, key] = ["019b76de-8a68-72ff-b6d0-0a848e4f68db", "019b76de-8a68-7d8c-9e74-7eac029ec2ed"]
  const fields = { name: "Garden", position: "a0" }
  const ops: Op[] = [{ id, entity: "list", key, creates: true, fields }]
  await server.ask(account, { v: 1, epoch: null, cursor: {}, ops })
  expect(told).toEqual([[account, null]])
})
