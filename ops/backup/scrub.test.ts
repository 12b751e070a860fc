import { expect, test } from "bun:test"
import { testDatabase } from "../../server/testing/database.ts"
import { seed } from "../../server/testing/seed.ts"
import { scrub, unclassified } from "./scrub.ts"
import { scrubbing } from "./scrubbed-columns.ts"

const { sql } = await testDatabase()

test("every column of the schema is either kept or scrubbed, and says so", async () => {
  expect(await unclassified(sql)).toEqual([])
})

test("a column or a table that nobody has classified is named, and nothing is scrubbed", async () => {
  await sql`alter table todos add column location text`
  await sql`create table public.photographs (content bytea)`
  expect(await unclassified(sql)).toEqual(["public.photographs.content", "public.todos.location"])
  await expect(scrub(sql)).rejects.toThrow(/Nothing is scrubbed.*\n.*photographs.content\n.*todos.location/)
  await sql`alter table todos drop column location`
  await sql`drop table photographs`
})

test("what is classified and gone is named too", async () => {
  const { "public.todos": todos, ...rest } = scrubbing
  const more = { ...rest, "public.todos": { ...(todos as object), colour: "kept" as const } }
  expect(await unclassified(sql, more)).toEqual(["public.todos.colour, which is not there"])
})

test("words go, their lengths, dates and positions stay; an address that was taken already is no hindrance", async () => {
  const [first, second] = await seed(sql, {
    accounts: 2,
    lists: 2,
    todos: 40,
    prefix: "person",
    passwordHash: "$argon2id$x",
  })
  await sql`update accounts set email = 'person-1@staging.invalid', name = 'Mallory' where id = ${second!}`
  await sql`update accounts set pending_email = 'new@example.org' where id = ${first!}`
  const shapes = () =>
    sql`select id, char_length(title) as title, char_length(notes) as notes, position, due_date, rev, completed_at
      from todos order by id`
  const before = await shapes()
  const titles = await sql<{ title: string }[]>`select title from todos`
  expect(await scrub(sql)).toMatchObject({ accounts: 2 })
  expect([...(await shapes())]).toEqual([...before])
  const left = await sql<{ title: string }[]>`select title from todos`
  const known = new Set(titles.map(({ title }) => title))
  expect(left.filter(({ title }) => known.has(title))).toEqual([])
  expect(left.filter(({ title }) => title.trim() !== title)).toEqual([])
  const people = await sql`
    select email, name, pending_email, password_hash from accounts where not is_smoke order by email`
  expect(people.map(({ email, name }) => [email, name])).toEqual([
    ["person-1@staging.invalid", "Person 1"],
    ["person-2@staging.invalid", "Person 2"],
  ])
  expect(people.every((person) => person.pendingEmail === null && person.passwordHash === null)).toBe(true)
})
