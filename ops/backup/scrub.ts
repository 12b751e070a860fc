import type { Pool, Sql } from "../../server/database/connect.ts"
import { Refusal } from "../refusal.ts"
import { type Scrubbing, scrubbing } from "./scrubbed-columns.ts"

/** Of the tables that it held, so many rows were rewritten and so many removed. */
export type Scrubbed = { accounts: number; rewritten: number; removed: number }

/** For the time of the transaction. Words of letters that mean nothing, so that sorting and searching have work to do. */
const FUNCTIONS = `
  create temporary table person_numbers on commit drop as
    select id, row_number() over (order by created_at, id) as number from public.accounts where not is_smoke;
  alter table pg_temp.person_numbers add primary key (id);
  analyze pg_temp.person_numbers;
  create function pg_temp.person_number(account uuid) returns bigint language sql stable
    as $$ select number from pg_temp.person_numbers where id = account $$;
  create function pg_temp.made_up(length int) returns text language sql volatile as $$
    select rpad(rtrim(left('t' || repeat(translate(
      md5(random()::text) || md5(random()::text) || md5(random()::text), '0123456789abcdef', 'aeiourstlnmdkb  '
    ), length / 96 + 1), length)), length, 'e') $$;`

/**
 * Rewrites and removes what tells of people, as scrubbed-columns.ts says, in one transaction. Refuses (3), with nothing
 * changed, when the database has a table or a column of which that file says nothing.
 */
export async function scrub(sql: Pool): Promise<Scrubbed> {
  const unknown = await unclassified(sql)
  if (unknown.length > 0)
    throw new Refusal(
      3,
      `Nothing is scrubbed: nobody has said whether people's data is in\n${unknown.map((line) => `  ${line}`).join("\n")}`,
      { unclassified: unknown },
    )
  return (await sql.begin(async (sql) => {
    const emptied = Object.keys(scrubbing).filter((table) => scrubbing[table] === "emptied")
    let removed = 0
    for (const table of emptied) {
      const [{ rows }] = await sql.unsafe<[{ rows: number }]>(`select count(*)::int as rows from ${table}`)
      removed += rows
    }
    await sql.unsafe(`truncate ${emptied.join(", ")}`)
    await sql.unsafe(FUNCTIONS)
    // Out of the way: an address may be what another's becomes.
    await sql`update public.accounts set email = id || '@staging.invalid' where not is_smoke`
    let rewritten = 0
    for (const [table, columns] of Object.entries(scrubbing)) {
      if (columns === "emptied") continue
      const changes = Object.entries(columns).flatMap(([column, treatment]) =>
        treatment === "kept" ? [] : [`${column} = ${inTransaction(treatment.becomes)}`],
      )
      if (changes.length > 0)
        rewritten += (await sql.unsafe(`update ${table} set ${changes.join(", ")}`)).count
    }
    const [{ accounts }] = await sql<[{ accounts: number }]>`
      select count(*)::int as accounts from pg_temp.person_numbers`
    await sql.unsafe(
      "drop function pg_temp.made_up; drop function pg_temp.person_number; drop table pg_temp.person_numbers",
    )
    return { accounts, rewritten, removed }
  })) as Scrubbed
}

/** Functions of a session are only found by their whole names. */
const inTransaction = (expression: string) =>
  expression.replaceAll(/\b(made_up|person_number)\(/g, "pg_temp.$1(")

/** Everything of the database of which `classification` says nothing, and the other way round, a line each. */
export async function unclassified(sql: Sql, classification: Scrubbing = scrubbing): Promise<string[]> {
  const found = await sql<{ name: string; column: string }[]>`
    select (select nspname || '.' || relname from pg_class r join pg_namespace s on s.oid = relnamespace
        where r.oid = coalesce(pg_partition_root(c.oid), c.oid)) as name,
      attname as column
    from pg_class c join pg_namespace n on n.oid = relnamespace join pg_attribute a on attrelid = c.oid
    where relkind in ('r', 'p', 'm', 'f') and attnum > 0 and not attisdropped and attgenerated = ''
      and nspname !~ '^pg_' and nspname <> 'information_schema'
      and not exists (select from pg_depend where deptype = 'e' and classid = 'pg_class'::regclass and objid = c.oid)`
  const [{ objects }] = await sql<[{ objects: number }]>`
    select count(*)::int as objects from pg_largeobject_metadata`
  const there = new Set(found.flatMap(({ name, column }) => [name, `${name}.${column}`]))
  const said = new Set(
    Object.entries(classification).flatMap(([table, columns]) =>
      columns === "emptied"
        ? [table]
        : [table, ...Object.keys(columns).map((column) => `${table}.${column}`)],
    ),
  )
  const covered = (name: string) => classification[name] === "emptied"
  const unknown = found
    .filter(({ name, column }) => !covered(name) && !said.has(`${name}.${column}`))
    .map(({ name, column }) => `${name}.${column}`)
  return [
    ...new Set(unknown.sort()),
    ...[...said].filter((name) => !there.has(name)).map((name) => `${name}, which is not there`),
    ...(objects > 0 ? [`${objects} large objects`] : []),
  ]
}
