import { createHash } from "node:crypto"
import { type Static, Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { version } from "../../server/release.ts"
import { Refusal } from "../refusal.ts"
import { readCatalogue } from "./catalogue.ts"
import { pace } from "./pace.ts"
import type { Snapshot } from "./snapshot.ts"

/** What a database holds at one moment: equal for two databases that hold the same, and never a row of it. */
export const manifestShape = Type.Object({
  format: Type.Literal(1),
  /** By the database's clock. */
  takenAt: Type.String(),
  /** Of Docket that took it. */
  release: Type.String(),
  /** The newest migration, and a SHA-256 of all of them with their checksums. */
  schema: Type.Object({ newest: Type.String(), number: Type.Integer(), checksum: Type.String() }),
  postgres: Type.Object({ major: Type.Integer(), version: Type.String() }),
  database: Type.Object({ name: Type.String(), bytes: Type.Number() }),
  tables: Type.Array(
    Type.Object({
      name: Type.String(),
      rows: Type.Number(),
      /** 128 bits, in hexadecimal: the sum of the halves of each row's SHA-256, so in whatever order they are. */
      hash: Type.String(),
      /** Of its rows as text. */
      bytes: Type.Number(),
    }),
  ),
  /** The last value that each gave, as text; null before the first. */
  sequences: Type.Array(
    Type.Object({ name: Type.String(), value: Type.Union([Type.String(), Type.Null()]) }),
  ),
  definitions: Type.Array(Type.String()),
  grants: Type.Array(Type.String()),
  roles: Type.Array(Type.String()),
})

/** Of which the schema and the hashes below want functions. */
const OLDEST_MAJOR = 18

export type Manifest = Static<typeof manifestShape>
type TableEntry = Manifest["tables"][number]

/** Reads the whole database in `snapshot`, and says how far it is. */
export async function takeManifest({ sql }: Pick<Snapshot, "sql">, verb = "reading"): Promise<Manifest> {
  const [about] = await sql<
    [{ taken_at: string; number: string; version: string; name: string; bytes: string }]
  >`select to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as taken_at, current_setting('server_version_num') as number,
    current_setting('server_version') as version, current_database() as name,
    pg_database_size(current_database())::text as bytes`
  const major = Math.floor(Number(about.number) / 10_000)
  if (major < OLDEST_MAJOR)
    throw new Refusal(
      3,
      `This server is PostgreSQL ${major}, and Docket's databases are of ${OLDEST_MAJOR} or newer.`,
    )
  return {
    format: 1,
    takenAt: about.taken_at,
    release: version,
    schema: await readSchema(sql),
    postgres: { major, version: about.version },
    database: { name: about.name, bytes: Number(about.bytes) },
    tables: await readTables(sql, verb),
    sequences: (
      await sql<{ name: string; value: string | null }[]>`
        select format('%I.%I', schemaname, sequencename) as name, last_value::text as value
        from pg_sequences order by 1`
    ).map(({ name, value }) => ({ name, value })),
    ...(await readCatalogue(sql)),
  }
}

async function readSchema(sql: Snapshot["sql"]): Promise<Manifest["schema"]> {
  const [{ exists }] = await sql<[{ exists: boolean }]>`
    select to_regclass('public.migrations') is not null as exists`
  if (!exists) throw new Refusal(3, "This is no database of Docket: it has no table of migrations.")
  const applied = await sql<{ number: number; name: string; checksum: string }[]>`
    select number, name, checksum from public.migrations order by number`
  const { name = "none", number = 0 } = applied.at(-1) ?? {}
  const text = applied.map(({ name, checksum }) => `${name} ${checksum}\n`).join("")
  return { newest: name, number, checksum: createHash("sha256").update(text).digest("hex") }
}

async function readTables(sql: Snapshot["sql"], verb: string): Promise<TableEntry[]> {
  const tables = await sql<{ name: string; bytes: string }[]>`
    select format('%I.%I', nspname, relname) as name, pg_table_size(c.oid)::text as bytes
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind = 'r' and nspname !~ '^pg_' and nspname <> 'information_schema'
      and not exists (select from pg_depend where deptype = 'e' and classid = 'pg_class'::regclass and objid = c.oid)
    order by nspname collate "C", relname collate "C"`
  const tell = pace(verb, { total: tables.reduce((sum, { bytes }) => sum + Number(bytes), 0) })
  const entries: TableEntry[] = []
  let done = 0
  for (const { name, bytes } of tables) {
    entries.push(await readTable(sql, name))
    done += Number(bytes)
    tell(done)
  }
  return entries
}

/** `offset 0` keeps the text and its hash from being computed twice. */
async function readTable(sql: Snapshot["sql"], name: string): Promise<TableEntry> {
  const [row] = await sql.unsafe<[{ rows: string; high: string; low: string; bytes: string }]>(`
    select count(*)::text as rows, coalesce(sum(substr(digest, 1, 8)::bigint), 0)::text as high,
      coalesce(sum(substr(digest, 9, 8)::bigint), 0)::text as low, coalesce(sum(bytes), 0)::text as bytes
    from (
      select sha256(convert_to(line, 'UTF8')) as digest, octet_length(line) as bytes
      from (select held::text as line from only ${name} held offset 0) lines offset 0
    ) digests`)
  const half = (sum: string) => BigInt.asUintN(64, BigInt(sum)).toString(16).padStart(16, "0")
  return { name, rows: Number(row.rows), hash: half(row.high) + half(row.low), bytes: Number(row.bytes) }
}

/** The manifest that `text` is. Throws a `Refusal` (3) if it is none, or of a later format. */
export function parseManifest(text: string, what: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(3, `The manifest of ${what} is no JSON.`)
  }
  const { format } = (value ?? {}) as { format?: number }
  if (typeof format === "number" && format > 1)
    throw new Refusal(
      3,
      `${what} was made by a newer Docket (format ${format}): restore it with that release.`,
    )
  if (!Value.Check(manifestShape, value)) throw new Refusal(3, `The manifest of ${what} is not whole.`)
  return value
}
