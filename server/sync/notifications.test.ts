import { afterAll, expect, test } from "bun:test"
import pino from "pino"
import type { Changes } from "../database/transactions.ts"
import { testDatabase } from "../testing/database.ts"
import { startNotifications } from "./notifications.ts"

const { sql, url } = await testDatabase()
const log = pino({ level: "silent" })

/** One process, as far as notifications go. */
async function start(listenUrl = url) {
  const heard: Changes[] = []
  const turns: boolean[] = []
  const notifications = startNotifications({
    url: listenUrl,
    sql,
    log,
    heard: (changes) => heard.push(changes),
    turned: (isListening) => turns.push(isListening),
    probeSeconds: 0.3,
  })
  afterAll(notifications.stop)
  await until(() => turns.length > 0)
  return { ...notifications, heard, turns }
}

async function until(condition: () => boolean) {
  for (const end = performance.now() + 15_000; performance.now() < end && !condition(); ) await Bun.sleep(20)
}

const changes = (space: string, rev: number, ...accounts: string[]): Changes => ({
  spaces: new Map([[space, rev]]),
  accounts: new Set(accounts),
})

test("what one process changed the others hear, and it does not hear itself", async () => {
  const [one, two] = [await start(), await start()]
  expect([...one.turns, ...two.turns]).toEqual([true, true])
  const [space, account] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
  one.tell(changes(space, 7, account))
  await until(() => two.heard.length > 0)
  expect(two.heard).toEqual([changes(space, 7, account)])
  expect(one.heard).toEqual([])
})

test("many changes at once arrive whole, the latest rev of each", async () => {
  const [one, two] = [await start(), await start()]
  const spaces = Array.from({ length: 1000 }, () => Bun.randomUUIDv7())
  for (const space of spaces) one.tell(changes(space, 1))
  for (const space of spaces) one.tell(changes(space, 2))
  const known = () => new Map(two.heard.flatMap(({ spaces }) => [...spaces]))
  await until(() => [...known().values()].filter((rev) => rev === 2).length === 1000)
  expect(known()).toEqual(new Map(spaces.map((space) => [space, 2])))
})

test("a listener whose connection is ended listens again, and says that it may have missed something", async () => {
  const [one, two] = [await start(), await start()]
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'docket listener' and datname = current_database()`
  await until(() => two.turns.length > 1)
  expect(two.turns.at(-1)).toBe(true)
  await until(() => one.turns.length > 1)
  const space = Bun.randomUUIDv7()
  one.tell(changes(space, 9))
  await until(() => two.heard.length > 0)
  expect(two.heard).toEqual([changes(space, 9)])
})

test("where nothing that is notified arrives, as through a transaction pooler, that is noticed", async () => {
  // LISTEN in another database succeeds, and hears nothing.
  const deaf = Object.assign(new URL(url), { pathname: "/postgres" }).href
  expect((await start(deaf)).turns).toEqual([false])
}, 20_000)
