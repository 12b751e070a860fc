import type { Sql } from "../../server/database/connect.ts"
import { joined, textOf } from "./staging.ts"
import { hashOf, type TableTally } from "./tally.ts"
import { isOrdered, TARGETS, type TargetTable } from "./target.ts"

export type Check = { what: string; table: TargetTable; source: string; docket: string; holds: boolean }

/** Compares what was read of the source for `table` with what PostgreSQL now holds of it. */
export async function provenEqual(sql: Sql, table: TargetTable, source: TableTally): Promise<Check[]> {
  const stored = await storedTally(sql, table)
  const compare = (what: string, ours: string, theirs: string): Check => ({
    what,
    table,
    source: ours,
    docket: theirs,
    holds: ours === theirs,
  })
  const ranges = Object.entries(source.ranges).map(([column, range]) =>
    compare(`least and greatest ${column}`, spoken(range), spoken(stored.ranges[column]!)),
  )
  return [
    compare("rows", String(source.rows), String(stored.rows)),
    compare("hash of all rows", source.hash, stored.hash),
    compare("nulls", JSON.stringify(source.nulls), JSON.stringify(stored.nulls)),
    ...ranges,
  ]
}

const spoken = (range: [string, string] | null) => range?.join(" to ") ?? "none"

/** The same of the stored rows as `Tally` counts of the source's, computed by PostgreSQL. */
async function storedTally(sql: Sql, table: TargetTable): Promise<TableTally> {
  const columns: readonly string[] = TARGETS[table].columns
  const canonical = columns
    .map((column) => textOf(column))
    .map((text) => `coalesce(octet_length(${text}) || ':' || ${text}, '-')`)
    .join(" || ")
  const ordered = columns.filter(isOrdered)
  const [row] = await sql.unsafe<[{ values: (string | null)[] }]>(
    `select json_build_array(count(*)::text, coalesce(sum(high), 0)::text, coalesce(sum(low), 0)::text,
      ${[
        ...columns.map((column) => `(count(*) - count(${column}))::text`),
        ...ordered.flatMap((column) => [`min(${column} collate "C")`, `max(${column} collate "C")`]),
      ].join(", ")}) as values
    from (
      select ${columns.map((column) => `${textOf(column)} as ${column}`).join(", ")},
        ('x' || substr(digest, 1, 16))::bit(64)::bigint as high, ('x' || substr(digest, 17, 16))::bit(64)::bigint as low
      from incoming join ${table} here on ${joined(table)},
        lateral encode(sha256(convert_to(${canonical}, 'UTF8')), 'hex') as digest
      where target = '${table}'
    ) here`,
  )
  const [rows, high, low, ...rest] = row.values
  const bounds = rest.slice(columns.length)
  return {
    rows: Number(rows),
    hash: hashOf(BigInt(high!), BigInt(low!)),
    nulls: Object.fromEntries(columns.map((column, index) => [column, Number(rest[index])])),
    ranges: Object.fromEntries(
      ordered.map((column, index) => {
        const [least, greatest] = bounds.slice(2 * index)
        return [column, least ? [least, greatest!] : null]
      }),
    ),
  }
}

/** What must hold of everything in Docket, of the rows that were written. Each counts what breaks it. */
const INVARIANTS: { what: string; table: TargetTable; broken: string }[] = [
  {
    what: "accounts without exactly one Inbox of their own",
    table: "accounts",
    broken: `select v1 from incoming where target = 'accounts' and 1 <> (
      select count(*) from memberships join lists on lists.id = space_id
      where account_id = v1::uuid and is_inbox and role = 'owner')`,
  },
  {
    what: "accounts and lists without a space of their kind",
    table: "spaces",
    broken: `select v1 from incoming where target in ('accounts', 'lists') and not exists (
      select from spaces where id = v1::uuid and kind = case target when 'lists' then 'list' else 'personal' end)`,
  },
  {
    what: "lists without an owner",
    table: "lists",
    broken: `select v1 from incoming where target = 'lists' and not exists (
      select from memberships where space_id = v1::uuid and role = 'owner')`,
  },
  {
    what: "memberships without their list or account",
    table: "memberships",
    broken: `select v1 from incoming where target = 'memberships' and not (
      exists (select from lists where id = v1::uuid) and exists (select from accounts where id = v2::uuid))`,
  },
  {
    what: "todos without their list",
    table: "todos",
    broken: `select v1 from incoming where target = 'todos' and not exists (select from lists where id = v2::uuid)`,
  },
  {
    what: "spaces whose size or rev is not that of their todos",
    table: "spaces",
    broken: `select spaces.id from incoming join spaces on spaces.id = v1::uuid
      left join (select list_id, count(*) as count, max(rev) as rev, count(distinct position) as positions
        from todos where list_id in (select v1::uuid from incoming where target = 'spaces') group by list_id) held
        on list_id = spaces.id
      where target = 'spaces' and (size <> coalesce(count, 0) or spaces.rev <> coalesce(held.rev, 1)
        or coalesce(positions, 0) <> coalesce(count, 0))`,
  },
]

/** Whether the written rows keep what every write of Docket keeps. */
export async function provenSound(sql: Sql): Promise<Check[]> {
  const checks: Check[] = []
  for (const { what, table, broken } of INVARIANTS) {
    const [{ count }] = await sql.unsafe<[{ count: string }]>(
      `select count(*)::text as count from (${broken}) broken`,
    )
    checks.push({ what, table, source: "0", docket: count, holds: count === "0" })
  }
  return checks
}
