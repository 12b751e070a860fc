import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import { EngineAway, EngineError } from "./engine-api.ts"
import type { Config, Labels } from "./engine-types.ts"
import { isAlive, type Operator, operator } from "./operator.ts"

/** Who changes a stack, as the labels of the lock say it. Times are by the engine's clock. */
export type Holder = Operator & { what: string; since: Date; heartbeat: Date; leaseSeconds: number }

const LEASE_SECONDS = 60
const HEARTBEAT_SECONDS = 10
/** Older than this, a heartbeat was missed, and whoever comes next waits for the lease to end. */
const SILENT_SECONDS = 15

/**
 * The right to change a stack, held by one command at a time: the Swarm config `STACK_lock`. A config created twice is
 * refused, so taking it is atomic. Its labels hold who, what, since when, and a heartbeat; a lock whose lease has run
 * out, or whose process on this very machine is dead, is taken over by updating exactly the version that was read.
 */
export class Lock {
  private readonly lost = new AbortController()
  private readonly timer: ReturnType<typeof setInterval>
  private beating: Promise<void> = Promise.resolve()

  private constructor(
    private readonly engine: Engine,
    private readonly id: string,
    private version: number,
    private labels: Labels,
    private lastBeat: number,
    /** Whose lock was taken over, if it was: what that command did may be half-done. */
    readonly takenFrom: Holder | undefined,
  ) {
    this.timer = setInterval(() => void this.beat().catch(() => {}), HEARTBEAT_SECONDS * 1000)
  }

  /** Takes the lock of `stack`. Refuses (3), naming the holder, while another command has it. */
  static async take(engine: Engine, stack: string, what: string): Promise<Lock> {
    for (;;) {
      const labels = newLabels(engine, stack, what)
      const created = await create(engine, stack, labels)
      if (created)
        return new Lock(engine, created, await versionOf(engine, created), labels, Date.now(), undefined)
      const config = await engine.find<Config>(`/configs/${lockName(stack)}`)
      if (!config) continue
      const holder = holderOf(config)
      if (!(await untilEnded(engine, config, holder))) continue
      say(
        `Taking over the lock of ${nameOf(holder)}, which was last heard of ${ago(engine, holder.heartbeat)}.`,
      )
      const version = await update(engine, config.ID, config.Version.Index, {
        ...config.Spec,
        Labels: labels,
      })
      if (version !== undefined) return new Lock(engine, config.ID, version, labels, Date.now(), holder)
    }
  }

  /** Aborts when the lock has become another's: whoever held it has to stop, and leave the rest to them. */
  get signal(): AbortSignal {
    return this.lost.signal
  }

  /** Proves that the lock is still ours, and renews its lease. Throws when it is not. */
  async beat(): Promise<void> {
    this.beating = this.beating.catch(() => {}).then(() => this.renew())
    return this.beating
  }

  async release(): Promise<void> {
    clearInterval(this.timer)
    await this.beating.catch(() => {})
    if (!this.lost.signal.aborted) await this.engine.delete(`/configs/${this.id}`)
  }

  private async renew(): Promise<void> {
    if (this.lost.signal.aborted) throw this.lost.signal.reason
    this.labels = { ...this.labels, "docket.heartbeat": this.engine.now().toISOString() }
    try {
      const config = await this.engine.find<Config>(`/configs/${this.id}`)
      const ours = config?.Version.Index === this.version
      const version = ours
        ? await update(this.engine, this.id, this.version, { ...config.Spec, Labels: this.labels })
        : undefined
      if (version === undefined) throw this.lose("another command has taken it")
      this.version = version
      this.lastBeat = Date.now()
    } catch (error) {
      if (error instanceof EngineAway && Date.now() - this.lastBeat > LEASE_SECONDS * 1000)
        throw this.lose("the engine could not be reached until its lease ended")
      throw error
    }
  }

  private lose(why: string): Refusal {
    clearInterval(this.timer)
    const refusal = new Refusal(
      5,
      `The lock was lost: ${why}. What was begun is for the next command to finish or undo.`,
    )
    this.lost.abort(refusal)
    return refusal
  }
}

/** Who holds the lock of `stack` now, if anyone does. */
export async function lockHolder(engine: Engine, stack: string): Promise<Holder | undefined> {
  const config = await engine.find<Config>(`/configs/${lockName(stack)}`)
  return config && holderOf(config)
}

/** Whether `holder` can still be at work: its lease runs, and its process is not known to be dead. */
export function mayBeAlive(engine: Engine, holder: Holder): boolean {
  return age(engine, holder.heartbeat) <= holder.leaseSeconds && isAlive(holder) !== false
}

/** `ann@laptop (process 4242, deploys sha256:…)`. */
export const nameOf = ({ by, process, what }: Holder) => `${by} (process ${process}, ${what})`

export const ago = (engine: Engine, time: Date) => `${Math.max(0, Math.round(age(engine, time)))} s ago`

const age = (engine: Engine, time: Date) => (engine.now().getTime() - time.getTime()) / 1000

const lockName = (stack: string) => `${stack}_lock`

function newLabels(engine: Engine, stack: string, what: string): Labels {
  const { by, machine, process } = operator()
  const now = engine.now().toISOString()
  return {
    "docket.stack": stack,
    "docket.holder": by,
    "docket.machine": machine,
    "docket.process": String(process),
    "docket.what": what,
    "docket.since": now,
    "docket.heartbeat": now,
    "docket.lease-seconds": String(LEASE_SECONDS),
  }
}

function holderOf({ Spec: { Labels } }: Config): Holder {
  return {
    by: Labels["docket.holder"] ?? "somebody",
    machine: Labels["docket.machine"] ?? "",
    process: Number(Labels["docket.process"]),
    what: Labels["docket.what"] ?? "something",
    since: new Date(Labels["docket.since"] ?? 0),
    heartbeat: new Date(Labels["docket.heartbeat"] ?? 0),
    leaseSeconds: Number(Labels["docket.lease-seconds"] ?? LEASE_SECONDS),
  }
}

/** The new config's id, or nothing when there is one already. */
async function create(engine: Engine, stack: string, labels: Labels): Promise<string | undefined> {
  const Data = Buffer.from("Held while a command changes this stack; its labels say by whom.\n").toString(
    "base64",
  )
  try {
    const body = { Name: lockName(stack), Labels: labels, Data }
    return (await engine.post<{ ID: string }>("/configs/create", body)).ID
  } catch (error) {
    if (error instanceof EngineError && error.status === 409) return undefined
    throw error
  }
}

const versionOf = async (engine: Engine, id: string) =>
  (await engine.get<Config>(`/configs/${id}`)).Version.Index

/** The version after an update of exactly `version`; nothing when there is another one, or none any more. */
async function update(engine: Engine, id: string, version: number, spec: Config["Spec"]) {
  try {
    await engine.post(`/configs/${id}/update`, spec, { version: String(version) })
    return await versionOf(engine, id)
  } catch (error) {
    if (error instanceof EngineError && /out of sequence|not found/.test(error.message)) return undefined
    throw error
  }
}

/** True once `holder` is known to be gone; false when the lock has changed meanwhile. Refuses while it is alive. */
async function untilEnded(engine: Engine, config: Config, holder: Holder): Promise<boolean> {
  if (mayBeAlive(engine, holder) && age(engine, holder.heartbeat) > SILENT_SECONDS)
    say(
      `${nameOf(holder)} was last heard of ${ago(engine, holder.heartbeat)}; waiting whether it is, until its lease of ${holder.leaseSeconds} s ends.`,
    )
  while (mayBeAlive(engine, holder)) {
    if (age(engine, holder.heartbeat) <= SILENT_SECONDS) throw held(engine, config, holder)
    await Bun.sleep(1000)
    const now = await engine.find<Config>(`/configs/${config.ID}`)
    if (now?.Version.Index !== config.Version.Index) return false
  }
  return true
}

function held(engine: Engine, { Spec }: Config, holder: Holder): Refusal {
  const stack = Spec.Labels["docket.stack"]
  return new Refusal(
    3,
    `${stack} is locked by ${holder.by} (process ${holder.process}), who ${holder.what} since ${holder.since.toISOString()}, last heard of ${ago(engine, holder.heartbeat)}. Nothing was changed; wait until that has ended.`,
    { holder },
  )
}
