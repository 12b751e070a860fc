import { afterAll, expect, test } from "bun:test"
import { connect } from "../database/connect.ts"
import { LIMITS } from "../limits/limits.ts"
import { charge, purgeLimits, refund } from "../limits/queries.ts"
import {
  createSession,
  endSession,
  endSessions,
  endSurplusSessions,
  findDeletedAccount,
  isSessionLive,
  listSessions,
  lockRefreshableSession,
  purgeDeletedSessions,
  purgeSessions,
  rotateRefreshToken,
  touchSession,
} from "../sessions/queries.ts"
import { readRefreshToken } from "../sessions/refresh-token.ts"
import { testDatabase } from "../testing/database.ts"
import {
  createAccount,
  deleteAccount,
  deleteTodosOf,
  findAccount,
  lapsedAccounts,
  purgeLetterTokens,
  readMe,
  readToken,
  scheduleDeletion,
  setPassword,
  takeToken,
  updateAccount,
  wasTokenJustUsed,
} from "./queries.ts"

const { url } = await testDatabase()
// One connection, since each keeps what it counted to itself until it is told to report.
const sql = connect(url, { max: 1, statementTimeout: 30_000 })
afterAll(() => sql.end())

const TABLES = [
  "accounts",
  "sessions",
  "refresh_tokens",
  "letter_tokens",
  "limits",
  "memberships",
  "spaces",
  "lists",
  "todos",
  "deleted_sessions",
]

/** Three thousand accounts, each with a session, tokens, an Inbox and two todos. */
async function seed() {
  await sql`insert into spaces (id, kind) select uuidv7(), 'personal' from generate_series(1, 3000)`
  await sql`
    insert into accounts (id, email, email_verified_at, password_hash, name, rev)
    select id, id || '@example.org', now(), 'hash', 'Someone', 1 from spaces where kind = 'personal'`
  await sql`insert into spaces (id, kind) select uuidv7(), 'list' from generate_series(1, 3000)`
  await sql`
    insert into lists (id, name, is_inbox, creation_digest, rev)
    select id, 'Inbox', true, '\\x', 1 from spaces where kind = 'list'`
  await sql`
    insert into memberships (space_id, account_id, role, position, rev)
    select lists.id, accounts.id, 'owner', 'a0', 1
    from (select id, row_number() over () as n from lists) lists
    join (select id, row_number() over () as n from accounts) accounts using (n)`
  await sql`
    insert into todos (id, list_id, title, position, creation_digest, rev)
    select uuidv7(), lists.id, 'Todo', 'a' || n, '\\x', 1 from lists, generate_series(1, 2) n`
  await sql`
    insert into sessions (account_id, address, refresh_family)
    select id, '192.0.2.1', sha256(id::text::bytea) from accounts`
  await sql`
    insert into refresh_tokens (hash, session_id, generation)
    select sha256(id::text::bytea), id, 0 from sessions`
  await sql`
    insert into letter_tokens (hash, account_id, purpose, email, expires_at)
    select sha256(id::text::bytea), id, 'reset-password', email, now() + interval '1 hour' from accounts`
  await sql`insert into erasures (account_id) select uuidv7() from generate_series(1, 3000)`
  await sql`
    insert into deleted_sessions (refresh_family, account_id)
    select sha256(account_id::text::bytea), account_id from erasures`
  await sql`
    insert into limits select 'bucket' || n, now() + interval '1 hour' from generate_series(1, 3000) n`
  await sql.unsafe(`analyze ${TABLES.join(", ")}`)
}

/** Rows read by reading whole tables, so far. */
async function scanned() {
  await sql`select pg_stat_force_next_flush()`
  const rows = await sql<{ relname: string; seqTupRead: number }[]>`
    select relname, seq_tup_read from pg_stat_user_tables where relname in ${sql(TABLES)} order by relname`
  return [...rows].map(({ relname, seqTupRead }) => [relname, Number(seqTupRead)])
}

test("no statement of accounts, sessions and limits reads a whole table", async () => {
  await seed()
  const before = await scanned()

  const account = {
    email: "ann@example.org",
    passwordHash: "hash",
    name: "Ann",
    language: "en",
    timeZone: "UTC",
  }
  const id = (await sql.begin((sql) => createAccount(sql, { ...account, verified: true })))!
  await findAccount(sql, account.email, "192.0.2.1/32")
  await readMe(sql, id)
  const client = { userAgent: "Test", address: "192.0.2.1" }
  const session = await sql.begin((sql) =>
    createSession(sql, { ...client, accountId: id, passwordHash: "hash" }),
  )
  const caller = { accountId: id, sessionId: session!.sessionId }
  await isSessionLive(sql, caller)
  await endSurplusSessions(sql, id)
  await listSessions(sql, id)
  await sql.begin(async (sql) => {
    const token = readRefreshToken(session!.refreshToken)!
    await lockRefreshableSession(sql, token)
    await rotateRefreshToken(sql, token)
    await touchSession(sql, caller.sessionId, client)
  })
  await charge(sql, LIMITS.signInsByNetwork, "192.0.2.1/32")
  await refund(sql, [[LIMITS.signInsByNetwork, "192.0.2.1/32"]])
  await readToken(sql, "token", "reset-password")
  await takeToken(sql, "token", ["verify-email", "change-email"])
  await wasTokenJustUsed(sql, "token")
  await sql.begin((sql) => setPassword(sql, id, "hash"))
  await sql.begin((sql) => updateAccount(sql, id, { theme: "dark" }))
  await sql.begin((sql) => scheduleDeletion(sql, id, 14))
  await endSession(sql, caller)
  await endSessions(sql, id)
  await lapsedAccounts(sql)
  await deleteTodosOf(sql, id)
  await sql.begin((sql) => deleteAccount(sql, id))
  expect(await findDeletedAccount(sql, readRefreshToken(session!.refreshToken)!)).toBe(id)
  await purgeSessions(sql)
  await purgeDeletedSessions(sql)
  await purgeLetterTokens(sql)
  await purgeLimits(sql)

  const after = await scanned()
  expect(after).toEqual(before)

  // The count tells: this one has no index.
  await sql`select from accounts where name = 'Ann'`
  expect(await scanned()).not.toEqual(after)
})
