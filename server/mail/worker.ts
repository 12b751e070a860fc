import type { JobWithMetadata } from "pg-boss"
import type { Logger } from "pino"
import type { Pool } from "../database/connect.ts"
import { inTransaction, type Queue } from "../jobs/queue.ts"
import { LETTERS, type Letter, type Pause } from "./letters.ts"
import { isSuperseded } from "./queries.ts"
import { SendFault, type Transport } from "./transport.ts"

/** Letters on their way at once, by each process. */
const HANDS = 2
/** Seconds between looks at an empty queue. */
const POLL_SECONDS = 1
/** Milliseconds from the start of one probe to the start of the next; a probe itself takes at most 15 s. */
const PROBE_EVERY = 10_000
/** Milliseconds after which a letter that is still refused for now is given up. */
const PATIENCE = 24 * 60 * 60 * 1000

export type LetterWorker = {
  /** Null while letters go out. */
  pause: () => Pause | null
  /** Begins no letter any more, and waits for the ones in hand for at most `timeout` milliseconds. */
  stop: (timeout?: number) => Promise<void>
}

/** What became of a letter that a worker took in hand. */
export type LetterOutcome =
  | "sent"
  | "not-needed"
  | "refused-for-now"
  | "unreachable"
  | "given-up"
  | "our-fault"

export type LetterWorkerOptions = {
  queue: Queue
  sql: Pool
  log: Logger
  transport: Transport
  /** Hands `letter` to the transport, unless its purpose has lapsed. `id` names it, however often it is tried. */
  send: (letter: Letter, id: string) => Promise<"sent" | "lapsed">
  /** Told what became of each letter that was tried. */
  tried?: ((outcome: LetterOutcome) => void) | undefined
  /** In the tests' time: see `PROBE_EVERY`. */
  probeEvery?: number
}

/**
 * Sends what is queued (docs/operations/mail.md). A letter that is refused waits alone; while the server can't be
 * reached all wait, unharmed, and a probe finds out when it is back.
 *
 * At least once: a letter is out of the queue only after the server took it, so a process that dies in between
 * leaves it to be sent again.
 */
export async function startLetterWorker({
  queue: { boss },
  sql,
  log,
  transport,
  send,
  tried = () => {},
  probeEvery = PROBE_EVERY,
}: LetterWorkerOptions): Promise<LetterWorker> {
  let pause: Pause | null = null
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Letters whose connection broke once; broken again though the server answers, the letter may be the cause. */
  const broken = new Set<string>()

  const begin = () => Promise.all(Array.from({ length: HANDS }, hire))

  const hire = async () => {
    const settings = {
      batchSize: 1,
      pollingIntervalSeconds: POLL_SECONDS,
      includeMetadata: true,
      perJobResults: true,
    } as const
    const hand = await boss.work(LETTERS, settings, async ([job]: JobWithMetadata<Letter>[]) => {
      const result = await handle(job!)
      // There may be more: look again at once instead of after the poll's pause.
      boss.notifyWorker(hand)
      return [{ id: job!.id, ...result }]
    })
  }

  const handle = async (job: JobWithMetadata<Letter>): Promise<Result> => {
    const { kind, accountId } = job.data
    const about = { letter: kind, accountId, job: job.id }
    try {
      const outcome = (await isLate(job)) ? "superseded" : await send(job.data, job.id)
      broken.delete(job.id)
      tried(outcome === "sent" ? "sent" : "not-needed")
      log.info({ ...about, outcome }, outcome === "sent" ? "letter sent" : "letter not needed any more")
      return { status: "completed", output: { outcome } }
    } catch (error) {
      const fault = error instanceof SendFault ? error.kind : "later"
      const reason = (error as Error).message
      if (fault === "unreachable" && !broken.has(job.id)) {
        tried("unreachable")
        return waitForServer(job, reason)
      }
      if (fault === "never" || Date.now() - job.createdOn.getTime() > PATIENCE) {
        broken.delete(job.id)
        tried("given-up")
        log.error({ ...about, reason }, "letter given up")
        return { status: "deadletter", output: { fault: reason } }
      }
      tried(error instanceof SendFault ? "refused-for-now" : "our-fault")
      if (error instanceof SendFault)
        log.warn({ ...about, reason }, "letter refused for now; tried again later")
      else log.error({ ...about, err: error }, "letter not sent by a fault of ours; tried again later")
      return { status: "failed", output: { fault: reason } }
    }
  }

  /** A letter tried before may have been overtaken by the next of its kind. */
  const isLate = async ({ retryCount, singletonKey, createdOn }: JobWithMetadata<Letter>) =>
    retryCount > 0 && singletonKey !== null && isSuperseded(sql, { key: singletonKey, createdOn })

  /** Puts the letter back as if it had not been taken, and stops taking any until a probe succeeds. */
  const waitForServer = async (job: JobWithMetadata<Letter>, reason: string): Promise<Result> => {
    if (broken.size > 10_000) broken.clear()
    broken.add(job.id)
    pauseFor(reason)
    await sql
      .begin(async (transaction) => {
        const db = inTransaction(transaction)
        await boss.cancel(LETTERS, job, { db })
        await boss.resume(LETTERS, job.id, { db })
      })
      .catch((error) => {
        // Another of its kind waits already and stands for it, or the database is away; the queue retries it.
        if (error.code !== "23505") log.error({ err: error, job: job.id }, "letter not put back")
      })
    // Of a letter that was put back this says nothing: the queue heeds it only for one still in hand.
    return { status: "failed", output: { fault: reason } }
  }

  const pauseFor = (reason: string) => {
    if (pause || stopped) return
    pause = { since: new Date().toISOString(), reason }
    log.error({ reason, server: transport.name }, "mail server can't be used; letters wait until it is back")
    boss.offWork(LETTERS, { wait: false }).catch((error) => log.error({ err: error }, "workers not stopped"))
    timer = setTimeout(probe, probeEvery / 2)
  }

  const probe = async () => {
    const started = performance.now()
    try {
      await transport.probe()
      if (stopped) return
      log.info({ since: pause?.since }, "mail server is back; letters go out again")
      pause = null
      await begin()
    } catch (error) {
      if (stopped) return
      if (pause && error instanceof SendFault) pause = { ...pause, reason: error.message }
      const elapsed = performance.now() - started
      timer = setTimeout(probe, Math.max(0, probeEvery - elapsed))
    }
  }

  await begin()
  return {
    pause: () => pause,
    stop: async (timeout = 10_000) => {
      stopped = true
      clearTimeout(timer)
      await Promise.race([boss.offWork(LETTERS, { wait: true }), Bun.sleep(timeout)])
      transport.close()
    },
  }
}

type Result = { status: "completed" | "failed" | "deadletter"; output: { outcome?: string; fault?: string } }
