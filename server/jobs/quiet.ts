import type { Logger } from "pino"
import type { Sql } from "../database/connect.ts"
import type { Pause } from "../mail/letters.ts"

/** Milliseconds between looks whether the operator has released the database. */
const LOOK_EVERY = 5_000

export type Quiet = {
  /** Why no letter goes out and no job runs; null once they do. */
  pause: () => Pause | null
  /** Looks no more. */
  stop: () => void
}

/**
 * Does `begin` at once; or, on a database that was restored from a backup, when its operator has released it
 * (`bun run ops restore --go-live`): what was due when the backup was taken must not go out a second time.
 */
export async function whenReleased(
  sql: Sql,
  log: Logger,
  begin: () => Promise<void>,
  lookEvery = LOOK_EVERY,
): Promise<Quiet> {
  let held = await heldRestore(sql)
  if (held === null) {
    await begin()
    return { pause: () => null, stop: () => {} }
  }
  log.warn(held, "restored from a backup and not released: no mail goes out and no job runs")
  let stopped = false
  void (async () => {
    while (!stopped) {
      await Bun.sleep(lookEvery)
      try {
        if (stopped || (await heldRestore(sql)) !== null) continue
        await begin()
        log.info("released: mail goes out and jobs run")
        held = null
        return
      } catch (error) {
        log.error({ err: error }, "not known whether the restored database is released; looked at again")
      }
    }
  })()
  return {
    pause: () =>
      held && { since: held.restoredAt, reason: "restored from a backup and not released", held: true },
    stop: () => {
      stopped = true
    },
  }
}

async function heldRestore(sql: Sql): Promise<{ backup: string; restoredAt: string } | null> {
  const [restore] = await sql<{ backup: string; restoredAt: string }[]>`
    select backup, restored_at from restores where released_at is null order by restored_at desc limit 1`
  return restore ?? null
}
