import { connect } from "../../server/database/connect.ts"
import { migrate } from "../../server/database/migrate.ts"
import * as release from "../../server/release.ts"
import { seed } from "../../server/testing/seed.ts"
import { PASSWORD } from "../testing/postgres.ts"

/** Who may do what, as ops/database/roles.sh has it. */
const ROLES = `
  create role docket_owner nologin;
  create role docket_server nologin;
  create role docket_server_1 login password '${PASSWORD}' in role docket_server;
  create role docket_backup login password '${PASSWORD}' in role pg_read_all_data;
  alter database docket owner to docket_owner;
  revoke all on database docket from public;
  grant connect on database docket to docket_server, docket_backup;
  grant usage on schema public, pgboss to docket_server;
  grant select, insert, update, delete on all tables in schema public, pgboss to docket_server;
  alter default privileges for role docket_owner grant select, insert, update, delete on tables to docket_server;
  create role "who may ""only"" look" nologin;
  grant connect on database docket to "who may ""only"" look" with grant option;
  grant select on lists to "who may ""only"" look";
  create sequence letters_sent;
  select setval('letters_sent', 4711);`

/**
 * Makes the database at `url` one of Docket, with so many accounts of 4 lists of 50 todos, with sessions and waiting letters.
 * Returns its size in bytes.
 */
export async function fill(url: string, accounts: number) {
  const sql = connect(url, { max: 1, statementTimeout: 0 })
  try {
    await migrate(sql, release.migrations)
    await sql.unsafe(ROLES)
    await seed(sql, { accounts, lists: 4, todos: 50, prefix: "person", passwordHash: "$argon2id$none" })
    await sql`insert into sessions (account_id, address, refresh_family)
      select id, '192.0.2.1', sha256(id::text::bytea) from accounts limit 20`
    await sql`insert into refresh_tokens (hash, session_id, generation) select sha256(id::text::bytea), id, 1 from sessions`
    await sql`insert into pgboss.queue (name, policy, retry_limit, retry_delay, retry_backoff, expire_seconds, retention_seconds, deletion_seconds, partition, table_name)
      values ('letters', 'short', 2, 0, false, 900, 1209600, 604800, false, 'job_common') on conflict do nothing`
    await sql`insert into pgboss.job_common (name, data, policy, singleton_key)
      select 'letters', jsonb_build_object('kind', 'reset-password', 'accountId', id), 'short', id::text from accounts limit 3`
    await sql`analyze`
    const [{ bytes }] = await sql<[{ bytes: number }]>`select pg_database_size(current_database()) as bytes`
    return bytes
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Adds a table of so many bytes that can't be compressed, so that there is time for something to happen meanwhile. */
export async function pad(url: string, bytes: number) {
  const sql = connect(url, { max: 1, statementTimeout: 0 })
  await sql`create table padding (noise bytea)`
  await sql`alter table padding alter column noise set storage external`
  await sql`insert into padding select (
      select string_agg(sha512((random()::text || row || piece)::bytea), '') from generate_series(1, 1562) piece)
    from generate_series(1, ${Math.ceil(bytes / 100_000)}::int) row`
  await sql.end({ timeout: 5 })
}

/** Writes todos until disposed of, by several connections at once, as a busy server would. Counts what it wrote. */
export function writeLoad(url: string) {
  const sql = connect(url, { max: 4, statementTimeout: 30_000 })
  let stopped = false
  let written = 0
  const writer = async () => {
    while (!stopped)
      await sql
        .begin(async (sql) => {
          const [list] = await sql<{ id: string }[]>`
            update spaces set rev = rev + 1, size = size + 1
            where id = (select id from lists tablesample system (1) limit 1) returning id`
          if (!list) return
          await sql`insert into todos (id, list_id, title, position, creation_digest, rev)
            values (uuidv7(), ${list.id}, 'written meanwhile', 'zz' || ${crypto.randomUUID()}, '\\x', 2)`
          await sql`delete from todos where id = (select id from todos where list_id = ${list.id} limit 1)`
          written += 1
        })
        .catch((error) => {
          if (!stopped) throw error
        })
  }
  const writers = [writer(), writer(), writer(), writer()]
  return {
    written: () => written,
    [Symbol.asyncDispose]: async () => {
      stopped = true
      await Promise.all(writers)
      await sql.end({ timeout: 5 })
    },
  }
}
