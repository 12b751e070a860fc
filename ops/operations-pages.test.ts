import { expect, test } from "bun:test"
import { join } from "node:path"
import { LIMITS } from "../server/limits/limits.ts"
import { testApp } from "../server/testing/app.ts"
import { registered, trySignIn } from "../server/testing/people.ts"

const PAGES = join(import.meta.dir, "../docs/operations")
const page = (name: string) => Bun.file(join(PAGES, name)).text()
const docket = await testApp()
const { sql } = docket.dependencies

test("privacy.md tells of every table that there is, and of none that there is not", async () => {
  const tables = await sql<{ name: string }[]>`
    select case nspname when 'public' then relname else nspname || '.' || relname end as name
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'p') and not relispartition and nspname in ('public', 'pgboss')`
  const text = await page("privacy.md")
  const section = text.slice(text.indexOf("## The database"), text.indexOf("## Everything else"))
  const told = section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => [...line.split("|")[1]!.matchAll(/`([\w.]+)`/g)].map(([, name]) => name!))
  expect(told.sort()).toEqual(tables.map(({ name }) => name).sort())
})

test("the statements of security.md end every session", async () => {
  const person = await registered(docket)
  const cookie = (await trySignIn(docket, person)).headers.get("Set-Cookie")!.split(";")[0]!
  const refresh = () =>
    docket.request("POST", "/api/sessions/current/refresh", {
      headers: { Cookie: cookie, Origin: "http://localhost:8000" },
    })
  expect((await refresh()).status).toBe(200)
  const [, statements] = /```sql\n([\s\S]*?)```/.exec(await page("security.md"))!
  await sql.unsafe(statements!)
  expect((await refresh()).status).toBe(401)
  expect((await sql`select from sessions where ended_at is null`).count).toBe(0)
})

test("the limits of security.md are those that there are", async () => {
  const known = new Set(Object.values(LIMITS).map(({ burst, every }) => `${burst} | ${every} s`))
  const told = [...(await page("security.md")).matchAll(/\| (\d+ \| \d+ s) \|$/gm)].map(([, limit]) => limit!)
  expect(told.length).toBeGreaterThan(5)
  expect(told.filter((limit) => !known.has(limit))).toEqual([])
})

test("each command of security.md is one that there is", async () => {
  const { default: secrets } = await import("./secrets.ts")
  const { secretNames } = await import("./swarm/secrets.ts")
  const text = await page("security.md")
  const rotated = [...text.matchAll(/secrets production rotate ([\w-]+)/g)].map(([, name]) => name!)
  expect(rotated.filter((name) => !(secretNames as readonly string[]).includes(name))).toEqual([])
  expect(secrets.examples.length).toBeGreaterThan(0)
  for (const [, command] of text.matchAll(/(?:bun run )?ops ([a-z-]+) /g))
    expect(await Bun.file(join(import.meta.dir, `${command}.ts`)).exists(), command).toBe(true)
})
