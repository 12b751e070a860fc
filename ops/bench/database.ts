import { createHash } from "node:crypto"
import { Passwords } from "../../server/accounts/passwords.ts"
import { connect, type Pool } from "../../server/database/connect.ts"
import { type EmbeddedDatabase, startEmbedded } from "../../server/database/embedded.ts"
import { migrate } from "../../server/database/migrate.ts"
import { type Seed, seed } from "../../server/testing/seed.ts"

const root = `${import.meta.dir}/../..`

/** Of everyone in the seeded database. */
export const PASSWORD = "correct horse battery staple"

/** How many people and todos the database holds: `people` with 1,000 todos each, and one with a lot of them. */
export type Size = { people: number; manyTodos: number }

export type BenchDatabase = { cluster: EmbeddedDatabase; url: string; sql: Pool }

/** A fresh copy of the seeded database. */
export function seededDatabase(size: Size): Promise<BenchDatabase> {
  return freshCopy("bench", size, (sql) => fill(sql, size))
}

/**
 * A fresh copy of what `fill` makes. That is made once for a schema and a size, and kept in `.data/NAME`, because it
 * takes minutes.
 */
export async function freshCopy(
  name: string,
  { people, manyTodos }: Size,
  fill: (sql: Pool) => Promise<void>,
): Promise<BenchDatabase> {
  const cluster = await startEmbedded(name)
  const admin = connect(cluster.url("postgres"), { max: 1, statementTimeout: 0 })
  const template = `seed_${people}_${manyTodos}_${await schemaDigest()}`
  const [kept] = await admin`select 1 from pg_database where datname = ${template} and datistemplate`
  if (!kept) {
    for (const { datname } of await admin`select datname from pg_database where datname like 'seed_%'`) {
      await admin.unsafe(`alter database ${datname} is_template false`)
      await admin.unsafe(`drop database ${datname} with (force)`)
    }
    await admin.unsafe(`create database ${template}`)
    const sql = connect(cluster.url(template), { max: 2, statementTimeout: 0 })
    await migrate(sql, `${root}/migrations`)
    await withoutIndexes(sql, () => fill(sql))
    await sql`vacuum analyze`
    await sql.end()
    await admin.unsafe(`alter database ${template} is_template true`)
  }
  await admin`drop database if exists bench with (force)`
  await admin.unsafe(`create database bench template ${template} strategy file_copy`)
  await admin.end()
  const url = cluster.url("bench")
  return { cluster, url, sql: connect(url, { max: 10, statementTimeout: 60_000 }) }
}

/** Changes whenever the schema or the seed does. */
async function schemaDigest(): Promise<string> {
  const hash = createHash("sha256")
  const files = [...new Bun.Glob("migrations/*.sql").scanSync(root)].sort()
  for (const file of [...files, "server/testing/seed.ts"])
    hash.update(await Bun.file(`${root}/${file}`).bytes())
  return hash.digest("hex").slice(0, 12)
}

async function fill(sql: Pool, { people, manyTodos }: Size) {
  const passwordHash = await new Passwords().hash(PASSWORD)
  const portion: Seed = { accounts: 100, lists: 20, todos: 50, prefix: "", passwordHash }
  for (let n = 0; n < people / 100; n++) await seed(sql, { ...portion, prefix: `person${n}-` })
  await seed(sql, { ...portion, prefix: "many", accounts: 1, todos: manyTodos / 20 })
}

/** Indexes built once over all rows are many times quicker than kept up to date row by row. */
async function withoutIndexes(sql: Pool, work: () => Promise<void>) {
  const indexes = await sql<{ indexname: string; indexdef: string }[]>`
    select indexname, indexdef from pg_indexes where tablename = 'todos' and indexname <> 'todos_pkey'`
  for (const { indexname } of indexes) await sql.unsafe(`drop index ${indexname}`)
  await work()
  await sql.begin(async (sql) => {
    await sql`set local maintenance_work_mem = '512MB'`
    for (const { indexdef } of indexes) await sql.unsafe(indexdef)
  })
}
