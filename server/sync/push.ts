import { createHash } from "node:crypto"
import type { Logger } from "pino"
import type { Pool, Sql } from "../database/connect.ts"
import { databaseProblem } from "../database/failures.ts"
import { inSavepoint } from "../database/transactions.ts"
import { Problem } from "../problems.ts"
import { applyOp } from "./ops.ts"
import { lockLists, lockPushes, type StoredAnswer, storeAnswers, storedAnswers } from "./queries.ts"
import type { Ack, Op, OpProblem } from "./shapes.ts"

/**
 * Ops in one transaction. Each may have a savepoint, and beyond 64 of those a transaction makes everyone else's snapshots
 * slow (PostgreSQL's PGPROC_MAX_CACHED_SUBXIDS); and whoever else writes to the same list waits no longer than this.
 */
const OPS_AT_ONCE = 50

/**
 * Does the account's ops in order and answers each: done, or the problem it was refused with, which is all that a
 * refusal costs the others. The answer is stored with what was done, so an op that is sent again is answered again and
 * not done again. Throws where it is nobody's fault (the database is away): then what has no answer is sent again.
 *
 * Ops that were made in another epoch are not done and not answered: the client may have had answers that this database
 * has forgotten, and those ops come first (docs/sync.md, "After a restore").
 */
export async function push(
  { sql, log }: { sql: Pool; log: Logger },
  accountId: string,
  epoch: string | null,
  ops: Op[],
): Promise<Ack[]> {
  const acks: Ack[] = []
  for (let start = 0; start < ops.length; start += OPS_AT_ONCE) {
    const portion = { accountId, epoch, ops: ops.slice(start, start + OPS_AT_ONCE) }
    acks.push(
      ...((await pushTogether(sql, portion)) ?? (await sql.begin((sql) => pushOneByOne(sql, log, portion)))),
    )
  }
  return acks
}

type Portion = { accountId: string; epoch: string | null; ops: Op[] }

/**
 * Ops are nearly always new, and nothing is wrong with them: then they are done without savepoints, their answers
 * stored ahead. Returns null if that does not hold; nothing is done then.
 */
async function pushTogether(sql: Pool, { accountId, epoch, ops }: Portion): Promise<Ack[] | null> {
  const answers = ops.map((op) => ({ id: op.id.toLowerCase(), digest: digestOf(op), problem: null }))
  try {
    return await sql.begin(async (sql) => {
      // One after the other on the connection, and none waits for the answer to the one before.
      const [currentEpoch, , stored] = await Promise.all([
        lockPushes(sql, accountId),
        lockListsOf(sql, accountId, ops),
        storeAnswers(sql, accountId, answers),
        applyOps(sql, accountId, ops),
      ])
      if ((epoch ?? currentEpoch) !== currentEpoch || stored < ops.length) throw new NotTogether()
      return ops.map((op) => ackOf(op, null))
    })
  } catch (error) {
    if (databaseProblem(error)) throw error
    return null
  }
}

async function applyOps(sql: Sql, accountId: string, ops: Op[]) {
  for (const op of ops) await applyOp(sql, accountId, op)
}

/** Ends a transaction of ops that are to be looked at one by one. */
class NotTogether extends Error {}

/** Does each op in a savepoint, but for those that were answered before. */
async function pushOneByOne(sql: Sql, log: Logger, { accountId, epoch, ops }: Portion): Promise<Ack[]> {
  const [currentEpoch, , stored] = await Promise.all([
    lockPushes(sql, accountId),
    lockListsOf(sql, accountId, ops),
    storedAnswers(
      sql,
      accountId,
      ops.map(({ id }) => id),
    ),
  ])
  if (currentEpoch === null) throw Problem.unauthenticated()
  if (epoch !== null && epoch !== currentEpoch) return []
  const answers = new Map(stored.map((answer) => [answer.id, answer]))
  const made: StoredAnswer[] = []
  const acks: Ack[] = []
  for (const op of ops) {
    const id = op.id.toLowerCase()
    const digest = digestOf(op)
    const earlier = answers.get(id)
    if (earlier) {
      acks.push(Buffer.from(earlier.digest).equals(digest) ? ackOf(op, earlier.problem) : ackOf(op, TAKEN))
      continue
    }
    const problem = await attempt(sql, log, accountId, op)
    acks.push(ackOf(op, problem))
    // Nothing that is decided for good: the same op may be tried again.
    if (problem?.code === "internal") continue
    const answer = { id, digest, problem }
    answers.set(id, answer)
    made.push(answer)
  }
  await storeAnswers(sql, accountId, made)
  return acks
}

/** Several ops lock all that they write to beforehand, one op by itself. */
async function lockListsOf(sql: Sql, accountId: string, ops: Op[]) {
  if (ops.length === 1) return
  const keys = (entity: string) => ops.filter((op) => op.entity === entity).map(({ key }) => key)
  const named = ops.flatMap(({ fields }) => uuidOf((fields as { listId?: unknown }).listId))
  await lockLists(sql, accountId, keys("todo"), [...keys("list"), ...named])
}

const uuidOf = (value: unknown) =>
  typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? [value] : []

/** Does the op in a savepoint. Returns the problem that it was refused with, or null. */
async function attempt(sql: Sql, log: Logger, accountId: string, op: Op): Promise<OpProblem | null> {
  try {
    await inSavepoint(sql, (sql) => applyOp(sql, accountId, op))
    return null
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return problemOf(error)
    if (error instanceof Problem || databaseProblem(error)) throw error
    log.error({ err: error, op: op.id, entity: op.entity }, "an op failed")
    return problemOf(Problem.internal())
  }
}

const problemOf = ({ slug: code, title, options: { detail, errors } }: Problem): OpProblem => ({
  code,
  title,
  ...(detail !== undefined && { detail }),
  ...(errors && { errors }),
})

const TAKEN: OpProblem = { code: "op-id-taken", title: "Another op was sent with this id." }

const ackOf = ({ id }: Op, problem: OpProblem | null): Ack => ({ id, ...(problem && { problem }) })

/** SHA-256 of what is asked for, whatever the order of the fields. */
function digestOf({ entity, key, creates, fields }: Op): Buffer {
  const members = Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash("sha256")
    .update(JSON.stringify([entity, key.toLowerCase(), creates === true, members]))
    .digest()
}
