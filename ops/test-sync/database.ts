import type { Pool, Sql } from "../../server/database/connect.ts"

/** What people made, in an order in which nothing refers to what comes after it. */
const TABLES = ["spaces", "accounts", "memberships", "tombstones", "lists", "todos", "ops"]

/** Makes room for backups. Once for a database. */
export async function prepare(sql: Sql) {
  await sql`create schema backup`
  for (const table of TABLES)
    await sql.unsafe(`create unlogged table backup.${table} (like public.${table} including generated)`)
}

export const empty = (sql: Pool) => sql.begin((sql) => clear(sql, "public"))

export const backUp = (sql: Pool) =>
  sql.begin(async (sql) => {
    await clear(sql, "backup")
    await copy(sql, "public", "backup")
  })

/** Goes back to the backup, as every restore does: in an epoch of its own. */
export const restore = (sql: Pool) =>
  sql.begin(async (sql) => {
    await clear(sql, "public")
    await copy(sql, "backup", "public")
    await sql`update epoch set id = gen_random_uuid()`
  })

async function clear(sql: Sql, schema: string) {
  for (const table of TABLES.toReversed()) await sql.unsafe(`delete from ${schema}.${table}`)
}

async function copy(sql: Sql, from: string, to: string) {
  for (const table of TABLES) {
    const columns = await columnsOf(sql, table)
    await sql.unsafe(`insert into ${to}.${table} (${columns}) select ${columns} from ${from}.${table}`)
  }
}

const known = new Map<string, string>()

/** The columns that are not computed. */
async function columnsOf(sql: Sql, table: string) {
  if (!known.has(table)) {
    const columns = await sql<{ name: string }[]>`
      select column_name as name from information_schema.columns
      where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER'`
    known.set(table, columns.map(({ name }) => name).join(", "))
  }
  return known.get(table)!
}
