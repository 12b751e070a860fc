import { expect, test } from "bun:test"
import { newAccount, type SignedIn, signIn, testApp } from "../testing/app.ts"
import { registered, tokenFor } from "../testing/people.ts"
import { purgeAccounts } from "./purge.ts"

const docket = await testApp()
const { sql } = docket.dependencies

const todosOf = (people: SignedIn[]) => sql`
  select from todos join memberships on space_id = list_id
  where account_id in ${sql(people.map(({ accountId }) => accountId))}`

test("an account past its grace goes with everything that hangs on it, and no one else's does", async () => {
  const [ann, ben, cem] = [await signIn(docket), await signIn(docket), await signIn(docket)]
  for (const person of [ann, ben, cem]) {
    const list = await (await person.request("POST", "/api/lists", { body: { name: "Work" } })).json()
    await person.request("POST", "/api/todos", { body: { title: "In Work", listId: list.id } })
    await person.request("POST", "/api/todos", { body: { title: "In the Inbox" } })
  }
  const { email } = await (await ann.request("GET", "/api/me")).json()
  await tokenFor(docket, email, "reset-password")
  await sql`update accounts set deletes_at = now() - interval '1 second' where id = ${ann.accountId}`
  await sql`update accounts set deletes_at = now() + interval '1 hour' where id = ${cem.accountId}`

  expect(await purgeAccounts(sql)).toMatchObject({ accounts: 1 })
  // Every table that could still name the account, or a list of it, by the foreign keys that there are.
  const references = await sql<{ table: string; column: string }[]>`
    select conrelid::regclass::text as table, attname as column
    from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'f' and confrelid = 'accounts'::regclass`
  expect(references.length).toBeGreaterThanOrEqual(3)
  for (const { table, column } of references)
    expect([
      table,
      await sql`select from ${sql(table)} where ${sql(column)} = ${ann.accountId}`,
    ]).toMatchObject([table, []])
  expect(await sql`select from accounts where id = ${ann.accountId}`).toHaveLength(0)
  // Two spaces of lists and a personal one each for the others, and no space without what it holds.
  expect(await sql`select from spaces`).toHaveLength(6)
  expect(
    await sql`select from spaces left join accounts using (id) left join lists using (id)
      where accounts.id is null and lists.id is null`,
  ).toHaveLength(0)
  expect(await sql`select from todos`).toHaveLength(4)
  expect(await todosOf([ben, cem])).toHaveLength(4)
  docket.passSeconds(5)
  expect((await ann.request("GET", "/api/me")).status).toBe(401)
  expect((await ben.request("GET", "/api/me")).status).toBe(200)
})

test("more todos than are deleted at a time go too", async () => {
  const ann = await signIn(docket)
  await sql`
    insert into todos (id, list_id, title, position, creation_digest, rev)
    select uuidv7(), space_id, 'Todo', 'a', '\\x', 1
    from memberships, generate_series(1, 12000) where account_id = ${ann.accountId}`
  await sql`update accounts set deletes_at = now() where id = ${ann.accountId}`
  expect(await purgeAccounts(sql)).toMatchObject({ accounts: 1 })
  expect(await sql`select from todos where title = 'Todo'`).toHaveLength(0)
})

test("an address that no one verified in a week is free again", async () => {
  const [old, young] = [await newAccount(docket), await newAccount(docket)]
  await sql`update accounts set email_verified_at = null, created_at = now() - interval '8 days' where id = ${old}`
  await sql`update accounts set email_verified_at = null, created_at = now() - interval '6 days' where id = ${young}`
  expect(await purgeAccounts(sql)).toMatchObject({ accounts: 1 })
  expect(await sql`select from accounts where id in ${sql([old, young])}`).toHaveLength(1)
})

test("sessions go 60 days after their last use, tokens a day after they expired", async () => {
  const ann = await registered(docket)
  const people = await Promise.all([signIn(docket), signIn(docket), signIn(docket)])
  const [old, lately, live] = people.map(({ sessionId }) => sessionId) as [string, string, string]
  await sql`update sessions set last_used_at = now() - interval '60 days' where id = ${old}`
  await sql`update sessions set ended_at = now(), last_used_at = now() - interval '59 days' where id = ${lately}`
  await sql`delete from letter_tokens`
  await tokenFor(docket, ann.email, "verify-email")
  await tokenFor(docket, ann.email, "reset-password")
  await sql`update letter_tokens set expires_at = now() - interval '25 hours' where purpose = 'verify-email'`
  expect(await purgeAccounts(sql)).toMatchObject({ sessions: 1, letterTokens: 1 })
  const kept = await sql<{ id: string }[]>`select id from sessions where id in ${sql([old, lately, live])}`
  expect(kept.map(({ id }) => id).sort()).toEqual([lately, live].sort())
  expect(await purgeAccounts(sql)).toMatchObject({ accounts: 0, sessions: 0, letterTokens: 0 })
})

test("two runs at once do not get in each other's way", async () => {
  const lapsed = await Promise.all([1, 2, 3, 4].map(() => newAccount(docket)))
  await sql`update accounts set deletes_at = now() where id in ${sql(lapsed)}`
  const runs = await Promise.all([purgeAccounts(sql), purgeAccounts(sql)])
  expect(runs[0].accounts + runs[1].accounts).toBe(4)
})
