import { connect } from "../../server/database/connect.ts"
import { scrubbing } from "../backup/scrubbed-columns.ts"

const mark = (column: string) => `zebrafink ${column}`
/** 32 bytes that no chance makes. */
const bytes = (column: string) => new Bun.CryptoHasher("sha256").update(mark(column)).digest()
/** More than a page: kept aside (TOAST), and not compressible. */
const long = Array.from({ length: 150 }, () => crypto.randomUUID()).join(" ")

/**
 * What is planted where in the database at `url`, by the column's name: texts, addresses and digests that tell of people,
 * in every column that is to be scrubbed and in every table that is to be emptied.
 */
export async function plantKnownValues(url: string): Promise<Map<string, string[]>> {
  const known = new Map<string, string[]>()
  const text = (column: string) => {
    known.set(column, [mark(column)])
    return mark(column)
  }
  const digest = (column: string) => {
    known.set(column, [bytes(column).toString("hex")])
    return bytes(column)
  }
  const json = (column: string) => JSON.stringify({ said: text(column) })
  const sql = connect(url, { max: 1, statementTimeout: 60_000 })
  try {
    const [account] = await sql<{ id: string }[]>`select id from accounts order by id limit 1`
    const id = account!.id
    known.set("accounts.email", ["zebrafink@example.org"])
    known.set("accounts.pending_email", ["zebrafink-new@example.org"])
    known.set("accounts.previous_email", ["zebrafink-old@example.org"])
    await sql`update accounts set email = 'zebrafink@example.org', pending_email = 'zebrafink-new@example.org',
      previous_email = 'zebrafink-old@example.org', password_hash = ${text("accounts.password_hash")},
      name = ${text("accounts.name")} where id = ${id}`
    const [list] = await sql<{ id: string }[]>`
      update lists set name = ${text("lists.name")}, creation_digest = ${digest("lists.creation_digest")}
      where id = (select space_id from memberships where account_id = ${id} order by 1 limit 1) returning id`
    await sql`update todos set title = ${text("todos.title")}, notes = ${text("todos.notes")},
      creation_digest = ${digest("todos.creation_digest")}
      where id = (select id from todos where list_id = ${list!.id} order by id limit 1)`
    known.set("todos.notes, far away", [long.slice(-72)])
    await sql`update todos set notes = ${long}
      where id = (select id from todos where list_id = ${list!.id} order by id desc limit 1)`
    // A dead row, which no dump and no file of the copy may have either.
    known.set("todos, before the last change", [mark("a title that was changed")])
    await sql`update todos set title = ${mark("a title that was changed")}
      where id = (select id from todos where list_id = ${list!.id} order by id limit 1 offset 1)`
    await sql`insert into ops (account_id, id, digest, problem)
      values (${id}, gen_random_uuid(), ${digest("ops.digest")}, ${json("ops.problem")}::text::jsonb)`
    known.set("sessions.address", ["203.0.113.77"])
    const [session] = await sql<
      { id: string }[]
    >`insert into sessions (account_id, user_agent, address, refresh_family)
      values (${id}, ${text("sessions.user_agent")}, '203.0.113.77', ${digest("sessions.refresh_family")}) returning id`
    await sql`insert into refresh_tokens (hash, session_id, generation)
      values (${digest("refresh_tokens.hash")}, ${session!.id}, 1)`
    await sql`insert into letter_tokens (hash, account_id, purpose, email, expires_at) values
      (${digest("letter_tokens.hash")}, ${id}, 'reset-password', ${text("letter_tokens.email")}, now() + interval '1 day')`
    await sql`insert into limits values (${text("limits.bucket")}, now() + interval '1 day')`
    const gone = crypto.randomUUID()
    known.set("erasures.account_id", [gone])
    await sql`insert into erasures (account_id) values (${gone})`
    await sql`insert into deleted_sessions (refresh_family, account_id)
      values (${digest("deleted_sessions.refresh_family")}, ${gone})`
    await sql`insert into backup_reports (kind, outcome, ended_at) values ('backup', 'succeeded', now())`
    await plantJobs(sql, text, json)
    return known
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function plantJobs(
  sql: ReturnType<typeof connect>,
  text: (column: string) => string,
  json: (column: string) => string,
) {
  await sql`insert into pgboss.job (name, state, data, singleton_key, group_id, group_tier, output, source_name, source_output)
    values ('letters', 'completed', ${json("job.data")}::text::jsonb, ${text("job.singleton_key")}, ${text("job.group_id")},
      ${text("job.group_tier")}, ${json("job.output")}::text::jsonb, ${text("job.source_name")},
      ${json("job.source_output")}::text::jsonb)`
  await sql`update pgboss.queue set singletons_active = array[${text("queue.singletons_active")}] where name = 'letters'`
  await sql`insert into pgboss.schedule (name, key, cron, data, options) values ('letters', ${text("schedule.key")},
    '* * * * *', ${json("schedule.data")}::text::jsonb, ${json("schedule.options")}::text::jsonb)`
  await sql`insert into pgboss.subscription (event, name) values (${text("subscription.event")}, 'letters')`
  await sql`insert into pgboss.warning (type, message, data)
    values (${text("warning.type")}, ${text("warning.message")}, ${json("warning.data")}::text::jsonb)`
  await sql`insert into pgboss.bam (name, version, table_name, command, error)
    values (${text("bam.name")}, 1, ${text("bam.table_name")}, ${text("bam.command")}, ${text("bam.error")})`
  await sql`insert into pgboss.queue_stats (name) values (${text("queue_stats.name")})`
  await sql`insert into pgboss.job_dependency values (${text("job_dependency.child_name")}, gen_random_uuid(),
    ${text("job_dependency.parent_name")}, gen_random_uuid())`
}

/** Columns that are rewritten, and tables that are emptied, in which nothing known was planted. */
export function notPlanted(known: Map<string, string[]>): string[] {
  const planted = [...known.keys()].map((name) => name.split(",")[0]!)
  return Object.entries(scrubbing).flatMap(([table, columns]) => {
    const name = table.split(".")[1]!
    if (columns === "emptied")
      return planted.some((column) => column.startsWith(`${name}.`)) || name === "backup_reports"
        ? []
        : [table]
    return Object.entries(columns)
      .filter(([column, treatment]) => treatment !== "kept" && !planted.includes(`${name}.${column}`))
      .map(([column]) => `${table}.${column}`)
  })
}
