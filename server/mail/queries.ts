import type { Sql } from "../database/connect.ts"

/** Whether a letter of the same kind that was asked for later has already gone out. */
export async function isSuperseded(sql: Sql, job: { key: string; createdOn: Date }): Promise<boolean> {
  const [newer] = await sql`
    select 1 from pgboss.job
    where name = 'letters' and singleton_key = ${job.key} and created_on > ${job.createdOn.toISOString()}
      and state = 'completed' and output ->> 'outcome' = 'sent'
    limit 1`
  return newer !== undefined
}

export type MailQueueState = {
  /** Letters that wait or are being sent. */
  waiting: number
  /** Seconds that the oldest of them has waited; null when none waits. */
  oldestSeconds: number | null
  /** Letters given up in the last week, and when the last was. */
  givenUp: number
  lastGivenUpAt: string | null
}

/** What an operator wants to know of the letters' queue. Both parts are read from indexes of their own. */
export async function mailQueueState(sql: Sql): Promise<MailQueueState> {
  const [state] = await sql<[MailQueueState]>`
    select waiting, oldest_seconds, given_up, last_given_up_at
    from (
      select count(*)::int as waiting,
        extract(epoch from now() - min(created_on))::float8 as oldest_seconds
      from pgboss.job where name = 'letters' and state < 'completed'
    ) as queued, (
      select count(*)::int as given_up, max(completed_on) as last_given_up_at
      from pgboss.job where name = 'letters' and state = 'failed'
    ) as failed`
  return state
}
