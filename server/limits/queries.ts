import { createHash } from "node:crypto"
import type { Pool, Sql } from "../database/connect.ts"
import { Problem } from "../problems.ts"
import type { Limit } from "./limits.ts"

/**
 * Counts one against `limit` for `key`, or throws 429 with the seconds to wait. The generic cell rate algorithm
 * (ITU-T I.371): a bucket holds the moment at which it will be empty again, each request moves it on by `every`, and one
 * that would move it further than `burst` ahead is refused and changes nothing. Give it the pool, not a
 * transaction: what is rolled back must stay counted.
 */
export async function charge(sql: Pool, limit: Limit, key: string): Promise<void> {
  const bucket = bucketOf(limit, key)
  const [result] = await sql<[{ charged: boolean; wait: number | null }]>`
    with charged as (
      insert into limits (bucket, arrival) values (${bucket}, now() + make_interval(secs => ${limit.every}))
      on conflict (bucket) do update
        set arrival = greatest(limits.arrival, now()) + make_interval(secs => ${limit.every})
        where limits.arrival <= now() + make_interval(secs => ${limit.every * (limit.burst - 1)})
      returning 1
    )
    select exists (select from charged) as charged, (
      select extract(epoch from arrival - now())::float8 - ${limit.every * (limit.burst - 1)}::float8
      from limits where bucket = ${bucket}
    ) as wait`
  if (!result.charged) throw Problem.tooManyRequests(result.wait ?? limit.every)
}

/** Takes one charge back: it turned out to be no guess. */
export async function refund(sql: Sql, charges: [limit: Limit, key: string][]): Promise<void> {
  for (const [limit, key] of charges)
    await sql`
      update limits set arrival = arrival - make_interval(secs => ${limit.every})
      where bucket = ${bucketOf(limit, key)} and arrival > now()`
}

/** Deletes the buckets that are empty again, which changes nothing. Returns how many. */
export async function purgeLimits(sql: Sql): Promise<number> {
  return (await sql`delete from limits where arrival < now()`).count
}

/** Keys may be addresses that people typed: only a digest is stored. */
const bucketOf = (limit: Limit, key: string) =>
  `${limit.name}:${createHash("sha256").update(key).digest("base64url").slice(0, 22)}`
