import { type Static, Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { deleteAccount, deleteTodosOf } from "../../server/accounts/queries.ts"
import type { Pool } from "../../server/database/connect.ts"
import { Refusal } from "../refusal.ts"
import type { Session } from "./snapshot.ts"
import type { Storage } from "./storage.ts"

const FOLDER = "erasures"

const erasuresShape = Type.Array(Type.Object({ accountId: Type.String(), erasedAt: Type.String() }))
type Erasures = Static<typeof erasuresShape>

/**
 * Writes which accounts were erased, and when, beside the backups: a backup from before still holds them, and a restore
 * of it has to erase them again. Each time a new object with all of them, since the writer can read none. Returns how many.
 */
export async function storeErasures(sql: Session, storage: Storage): Promise<number> {
  const [{ exists }] = await sql<[{ exists: boolean }]>`
    select to_regclass('public.erasures') is not null as exists`
  if (!exists) return 0
  const erasures = await sql<{ accountId: string; erasedAt: string }[]>`
    select account_id as "accountId", to_char(erased_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "erasedAt"
    from public.erasures order by erased_at, account_id`
  const [{ at }] = await sql<
    [{ at: string }]
  >`select to_char(clock_timestamp(), 'YYYYMMDD"T"HH24MISS.US"Z"') as at`
  await storage.put(`${FOLDER}/${at}.json`, JSON.stringify([...erasures]))
  return erasures.length
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

/** Keys of the objects that were stored before `moment`, the newest of all left out: it holds what they do. */
export async function oldErasures(storage: Storage, moment: Date): Promise<string[]> {
  const objects = await storage.list(`${FOLDER}/`)
  return objects.slice(0, -1).flatMap(({ key, at }) => (new Date(at) < moment ? [key] : []))
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
