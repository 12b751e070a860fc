import type { Sql } from "../database/connect.ts"
import type { Caller } from "./access-token.ts"
import { makeFamily, makeRefreshToken, type RefreshToken, sha256 } from "./refresh-token.ts"

/** A session ends by itself when it was not used for this long, and in any case this long after it began. */
export const SESSION_DAYS = { idle: 30, absolute: 365 }
/** Sessions an account may have at once; a further sign-in ends the one that was longest not used. */
const MOST_SESSIONS = 100
/** Seconds a superseded refresh token stays good after a later one was first used. */
const GRACE_SECONDS = 30
/** Refresh tokens of one generation that are kept: each is an answer that may or may not have arrived. */
const MOST_SIBLINGS = 50

export type Client = { userAgent: string; address: string }

const live = (sql: Sql) => sql`(
  sessions.ended_at is null
  and sessions.last_used_at > now() - make_interval(days => ${SESSION_DAYS.idle})
  and sessions.created_at > now() - make_interval(days => ${SESSION_DAYS.absolute})
)`

/** Whether the session exists, belongs to the account, and has not ended. */
export async function isSessionLive(sql: Sql, { accountId, sessionId }: Caller): Promise<boolean> {
  const [session] = await sql`
    select from sessions where id = ${sessionId} and account_id = ${accountId} and ${live(sql)}`
  return session !== undefined
}

/** Those of the sessions that have not ended. */
export async function liveSessions(sql: Sql, ids: string[]): Promise<string[]> {
  const sessions = await sql<
    { id: string }[]
  >`select id from sessions where id = any(${ids}) and ${live(sql)}`
  return sessions.map(({ id }) => id)
}

/**
 * Begins a session with its first refresh token, if the account's password still is the one that hashes to
 * `passwordHash`: a reset that commits meanwhile leaves no session of the old password. Call it in a transaction.
 * Returns null if it is not.
 */
export async function createSession(
  sql: Sql,
  { accountId, passwordHash, userAgent, address }: Client & { accountId: string; passwordHash: string },
): Promise<{ sessionId: string; refreshToken: string } | null> {
  const family = makeFamily()
  const [session] = await sql<{ id: string }[]>`
    with account as (
      select id from accounts where id = ${accountId} and password_hash = ${passwordHash} for share
    )
    insert into sessions (account_id, user_agent, address, refresh_family)
    select id, ${userAgent}, ${address}, ${sha256(family)} from account
    returning id`
  if (!session) return null
  const { token, hash } = makeRefreshToken(session.id, family)
  await sql`insert into refresh_tokens (hash, session_id, generation) values (${hash}, ${session.id}, 0)`
  return { sessionId: session.id, refreshToken: token }
}

/** Ends the account's sessions beyond `MOST_SESSIONS`, the longest unused first. Returns their ids. */
export async function endSurplusSessions(sql: Sql, accountId: string): Promise<string[]> {
  return end(
    sql,
    sql`id in (
      select id from sessions where account_id = ${accountId} and ended_at is null
      order by last_used_at desc offset ${MOST_SESSIONS}
    )`,
  )
}

export type RefreshableSession = { accountId: string; live: boolean; cookieSeconds: number }

/**
 * Locks the session that the token was made for, so that refreshes of one session are done one after the other.
 * Null if there is none, or the token is not of its family. `cookieSeconds` is how long the session can last unused, and
 * then how long it may still be told that it went with its account.
 */
export async function lockRefreshableSession(
  sql: Sql,
  { sessionId, family }: RefreshToken,
): Promise<RefreshableSession | null> {
  const [session] = await sql<RefreshableSession[]>`
    select account_id, ${live(sql)} as live, extract(epoch from least(
        now() + make_interval(days => ${SESSION_DAYS.idle}),
        created_at + make_interval(days => ${SESSION_DAYS.absolute})
      ) - now() + make_interval(days => ${DELETION_TOLD_DAYS}))::integer as cookie_seconds
    from sessions where id = ${sessionId} and refresh_family = ${sha256(family)}
    for no key update`
  return session ?? null
}

/**
 * Takes the token and returns one of the next generation; null if the token was superseded more than
 * `GRACE_SECONDS` ago. Call it with the session locked.
 */
export async function rotateRefreshToken(
  sql: Sql,
  { sessionId, family, hash }: RefreshToken,
): Promise<string | null> {
  const [taken] = await sql<{ generation: number }[]>`
    select generation from refresh_tokens
    where hash = ${hash} and session_id = ${sessionId}
      and (superseded_at is null or superseded_at > now() - make_interval(secs => ${GRACE_SECONDS}))`
  if (!taken) return null
  const next = makeRefreshToken(sessionId, family)
  await sql`
    update refresh_tokens set superseded_at = now()
    where session_id = ${sessionId} and generation < ${taken.generation} and superseded_at is null`
  await sql`
    delete from refresh_tokens
    where session_id = ${sessionId} and superseded_at <= now() - make_interval(secs => ${GRACE_SECONDS})`
  await sql`
    delete from refresh_tokens where hash in (
      select hash from refresh_tokens where session_id = ${sessionId} and generation = ${taken.generation + 1}
      order by issued_at desc, hash offset ${MOST_SIBLINGS - 1}
    )`
  await sql`
    insert into refresh_tokens (hash, session_id, generation)
    values (${next.hash}, ${sessionId}, ${taken.generation + 1})`
  return next.token
}

/** Days in which a device can learn that its session went with its account. */
export const DELETION_TOLD_DAYS = 90

/** Keeps by which tokens the account's devices are told that it is gone. Call it where it is deleted, before. */
export async function noteDeletedSessions(sql: Sql, accountId: string) {
  await sql`
    insert into deleted_sessions (refresh_family, account_id)
    select refresh_family, account_id from sessions where account_id = ${accountId}
    on conflict do nothing`
}

/** The account that was deleted with the session that the token was made for; null if none is known to have been. */
export async function findDeletedAccount(sql: Sql, { family }: RefreshToken): Promise<string | null> {
  const [session] = await sql<{ accountId: string }[]>`
    select account_id from deleted_sessions where refresh_family = ${sha256(family)}`
  return session?.accountId ?? null
}

/** Notes that the session was used, and from where. */
export async function touchSession(sql: Sql, sessionId: string, { userAgent, address }: Client) {
  await sql`
    update sessions set last_used_at = now(), user_agent = ${userAgent}, address = ${address}
    where id = ${sessionId}`
}

export type SessionRow = {
  id: string
  userAgent: string
  address: string
  createdAt: string
  lastUsedAt: string
}

/** The account's live sessions, the last used first. */
export function listSessions(sql: Sql, accountId: string): Promise<SessionRow[]> {
  return sql<SessionRow[]>`
    select id, user_agent, host(address) as address, created_at, last_used_at
    from sessions where account_id = ${accountId} and ${live(sql)}
    order by last_used_at desc, id desc limit ${MOST_SESSIONS}`
}

/** Ends one session of the account. Returns its id, or nothing if there was no such live session. */
export const endSession = (sql: Sql, { accountId, sessionId }: Caller): Promise<string[]> =>
  end(sql, sql`account_id = ${accountId} and id = ${sessionId} and ended_at is null`)

/** Ends all the account's sessions but `keep`. Returns their ids. */
export const endSessions = (sql: Sql, accountId: string, keep: string | null = null): Promise<string[]> =>
  end(sql, sql`account_id = ${accountId} and id is distinct from ${keep}::uuid and ended_at is null`)

/** An ended session needs no tokens: the family tells those that turn up later. */
async function end(sql: Sql, which: ReturnType<Sql>): Promise<string[]> {
  const ended = await sql<{ id: string }[]>`update sessions set ended_at = now() where ${which} returning id`
  const ids = ended.map(({ id }) => id)
  if (ids.length > 0) await sql`delete from refresh_tokens where session_id in ${sql(ids)}`
  return ids
}

/**
 * Deletes sessions that were last used so long ago that none of them can be live. Until then their networks count as
 * known, whether they ended or not. Returns how many.
 */
export async function purgeSessions(sql: Sql): Promise<number> {
  const purged = await sql`
    delete from sessions where last_used_at < now() - make_interval(days => ${2 * SESSION_DAYS.idle})`
  return purged.count
}

/** Forgets sessions that went with their account `DELETION_TOLD_DAYS` ago. Returns how many. */
export async function purgeDeletedSessions(sql: Sql): Promise<number> {
  const purged = await sql`
    delete from deleted_sessions where deleted_at < now() - make_interval(days => ${DELETION_TOLD_DAYS})`
  return purged.count
}
