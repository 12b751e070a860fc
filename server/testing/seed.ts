import { generateNKeysBetween } from "fractional-indexing"
import type { Pool } from "../database/connect.ts"

export type Seed = {
  accounts: number
  /** Per account, the Inbox included. */
  lists: number
  /** Per list. */
  todos: number
  /** Goes before the number of each account: `<prefix>0@example.org`. */
  prefix: string
  passwordHash: string
}

/**
 * Fills the database with verified accounts and their lists and todos, by a few statements: three of ten todos
 * completed, half with a due date, one in fifty in the trash, a tenth with notes. Returns the accounts' ids.
 */
export async function seed(
  sql: Pool,
  { accounts, lists, todos, prefix, passwordHash }: Seed,
): Promise<string[]> {
  return sql.begin(async (sql) => {
    await sql`set local statement_timeout = 0`
    const people = await sql<{ id: string }[]>`
      with space as (
        insert into spaces (id, kind, rev) select uuidv7(), 'personal', 1 from generate_series(1, ${accounts}) returning id
      )
      insert into accounts (id, email, email_verified_at, password_hash, name, rev)
      select id, ${prefix} || row_number() over () - 1 || '@example.org', now(), ${passwordHash}, 'Person', 1 from space
      returning id`
    const ids = people.map((person) => person.id)
    await sql`
      create temporary table seeded_lists on commit drop as
      select uuidv7() as id, account_id::uuid, n, ${generateNKeysBetween(null, null, lists)}::text[] as positions
      from unnest(${ids}::uuid[]) account_id, generate_series(1, ${lists}::integer) n`
    await sql`insert into spaces (id, kind, rev, size) select id, 'list', ${todos}::integer + 1, ${todos} from seeded_lists`
    await sql`
      insert into lists (id, name, is_inbox, creation_digest, rev)
      select id, case n when 1 then 'Inbox' else 'List ' || n end, n = 1, '\\x', 1 from seeded_lists`
    await sql`
      insert into memberships (space_id, account_id, role, position, rev)
      select id, account_id, 'owner', positions[n], 1 from seeded_lists`
    await sql`
      insert into todos (id, list_id, title, notes, priority, due_date, position, completed_at, trashed_at,
        creation_digest, rev, created_at, updated_at)
      select uuidv7(), seeded_lists.id, (${TITLES}::text[])[1 + (n * 7919 + hash) % ${TITLES.length}] || ' ' || n,
        case when n % 10 = 3 then 'Ask at the counter, and bring the receipt for number ' || n else '' end,
        (enum_range(null::priority))[1 + (n * 31 + hash) % 4],
        case when n % 2 = 0 then current_date + ((n * 17 + hash) % 400) - 100 end,
        position,
        case when (n * 13 + hash) % 10 < 3 then now() - n * interval '7 minutes' end,
        case when (n * 11 + hash) % 50 = 0 then now() - interval '1 day' end,
        sha256(n::text::bytea), n + 1, now() - n * interval '11 minutes', now() - n * interval '5 minutes'
      from (select id, abs(hashtext(id::text)) % 1000 as hash from seeded_lists) seeded_lists,
        unnest(${generateNKeysBetween(null, null, todos)}::text[]) with ordinality as key(position, n64),
        lateral (select n64::integer as n)`
    return ids
  })
}

const TITLES = [
  "Water the fern",
  "Call the dentist about the crown",
  "Renew the passport",
  "Buy oat milk, rye bread and apples",
  "Répondre à la lettre de la mairie",
  "Comprar las entradas del teatro",
  "给妈妈打电话",
  "預約牙醫",
  "Devolver o livro à biblioteca",
  "Fix the rear light of the bicycle",
  "Draft the quarterly report and send it round",
  "Book the train to Lyon",
  "Change the filter of the extractor hood",
]
