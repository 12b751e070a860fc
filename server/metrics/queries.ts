import type { Sql } from "../database/connect.ts"

export type QueueState = {
  queue: string
  /** Jobs that wait or are being done. */
  waiting: number
  /** Seconds since the oldest of them became due; null when none waits. */
  oldestSeconds: number | null
  /** Jobs given up that are not deleted yet (a week). */
  failed: number
}

/** Every job queue; read from the index of pg-boss for each queue. */
export const queueStates = (sql: Sql): Promise<QueueState[]> => sql<QueueState[]>`
  select queue.name as queue, queued.waiting, queued.oldest_seconds, failed.failed
  from pgboss.queue as queue
  cross join lateral (
    select count(*)::int as waiting,
      extract(epoch from now() - min(created_on) filter (where start_after <= now()))::float8 as oldest_seconds
    from pgboss.job where job.name = queue.name and state < 'completed'
  ) as queued
  cross join lateral (
    select count(*)::int as failed from pgboss.job where job.name = queue.name and state = 'failed'
  ) as failed
  where queue.name !~ '^__'
  order by queue.name`
