import { type Static, Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { deleteAccount, deleteTodosOf } from "../../server/accounts/queries.ts"
import type { Pool } from "../../server/database/connect.ts"
import { Refusal } from "../refusal.ts"
import type { Session } from "./snapshot.ts"
import type { Storage } from "./storage.ts"

const FOLDER = "erasures"

const erasuresShape = Type.Array(Type.Object({ accountId: Type.String(), erasedAt: Type.String() }))
export type Erasures = Static<typeof erasuresShape>

/** What `storeRecentErasures` looks back on: longer than from one backup, which stores them all, to the next. */
const RECENT_HOURS = 26

/**
 * Writes which accounts were erased, and when, beside the backups: a backup from before still holds them, and a restore
 * of it has to erase them again. Each time a new object with all of them, since the writer can read none. Returns how many.
 */
export async function storeErasures(sql: Session, storage: Storage): Promise<number> {
  const erasures = await erasuresSince(sql, null)
  if (erasures) await store(sql, storage, erasures, "")
  return erasures?.length ?? 0
}

/**
 * The same of those since the last backup but one, and nothing where there are none, or none but `known` accounts: for
 * often, in between. So a database that is lost takes only the erasures of the last minutes with it. Returns them.
 */
export async function storeRecentErasures(
  sql: Session,
  storage: Storage,
  known: ReadonlySet<string> = new Set(),
): Promise<Erasures> {
  const erasures = (await erasuresSince(sql, RECENT_HOURS)) ?? []
  if (erasures.some(({ accountId }) => !known.has(accountId))) await store(sql, storage, erasures, RECENT)
  return erasures
}

/** At the end of a key: the object does not hold all of them. */
const RECENT = "-recent"

/** Null where the database is from before erasures were kept. */
async function erasuresSince(sql: Session, hours: number | null): Promise<Erasures | null> {
  const [{ exists }] = await sql<[{ exists: boolean }]>`
    select to_regclass('public.erasures') is not null as exists`
  if (!exists) return null
  const erasures = await sql<{ accountId: string; erasedAt: string }[]>`
    select account_id as "accountId", to_char(erased_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "erasedAt"
    from public.erasures where erased_at >= now() - make_interval(hours => ${hours}::int) or ${hours}::int is null order by erased_at, account_id`
  return [...erasures]
}

async function store(sql: Session, storage: Storage, erasures: Erasures, suffix: string) {
  const [{ at }] = await sql<
    [{ at: string }]
  >`select to_char(clock_timestamp(), 'YYYYMMDD"T"HH24MISS.US"Z"') as at`
  await storage.put(`${FOLDER}/${at}${suffix}.json`, JSON.stringify(erasures))
}

/** Every erasure that was ever stored. Throws a `Refusal` (3) if one of the objects is damaged: nobody may come back. */
export async function readErasures(storage: Storage): Promise<Erasures> {
  const erased = new Map<string, string>()
  for (const { key } of await storage.list(`${FOLDER}/`)) {
    const content = await storage.read(key)
    if (content === null) continue
    let value: unknown
    try {
      value = JSON.parse(new TextDecoder().decode(content))
    } catch {}
    if (!Value.Check(erasuresShape, value))
      throw new Refusal(
        3,
        `${key} is damaged, and says whose data must not come back. Look at its older versions.`,
      )
    for (const { accountId, erasedAt } of value) erased.set(accountId, erasedAt)
  }
  return [...erased].map(([accountId, erasedAt]) => ({ accountId, erasedAt }))
}

/** Keys of the objects that were stored before `moment`; of those that hold all erasures the newest is left out. */
export async function oldErasures(storage: Pick<Storage, "list">, moment: Date): Promise<string[]> {
  const objects = await storage.list(`${FOLDER}/`)
  const whole = objects.findLast(({ key }) => !key.endsWith(`${RECENT}.json`))
  return objects.flatMap(({ key, at }) => (key !== whole?.key && new Date(at) < moment ? [key] : []))
}

/** Erases again who was erased after the backup was taken. Returns how many of them it still held. */
export async function eraseAgain(sql: Pool, erasures: Erasures): Promise<number> {
  let erased = 0
  for (const { accountId, erasedAt } of erasures) {
    while ((await deleteTodosOf(sql, accountId)) > 0);
    erased += Number(await sql.begin((sql) => deleteAccount(sql, accountId)))
    await sql`insert into erasures (account_id, erased_at) values (${accountId}, ${erasedAt})
      on conflict (account_id) do update set erased_at = least(erasures.erased_at, excluded.erased_at)`
  }
  return erased
}
