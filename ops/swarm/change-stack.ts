import type { SwarmEnvironment } from "../environments/environment.ts"
import { Steps, say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "./change.ts"
import { Engine } from "./engine.ts"
import { Lock } from "./lock.ts"
import { recover } from "./recover.ts"

const SAME_SIGNAL_MS = 500
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const

/**
 * Takes the stack's lock for `what`, finishes or undoes what an earlier command left half-made, does `work`, and lets
 * the lock go. `work` undoes what it began when the signal aborts.
 */
export async function changeStack<T>(
  environment: SwarmEnvironment,
  what: string,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  const interruption = listen()
  try {
    await using engine = await Engine.open(environment)
    const { stack } = environment
    const lock = await Lock.take(engine, stack, what)
    const signal = AbortSignal.any([interruption.signal, lock.signal])
    const change = {
      engine,
      environment,
      stack,
      service: `${stack}_server`,
      lock,
      signal,
      steps: new Steps(),
    }
    try {
      await recover(change)
      signal.throwIfAborted()
      return await work(change)
    } finally {
      // What came of the work is what counts: a lock that cannot be let go ends by itself.
      await lock.release().catch((error: Error) => say(`The lock stays for up to a minute: ${error.message}`))
    }
  } finally {
    interruption.stop()
  }
}

function listen() {
  const controller = new AbortController()
  let first = 0
  const onSignal = () => {
    // One Ctrl-C may come twice: from the terminal, and passed on by `bun run`.
    if (controller.signal.aborted && performance.now() - first < SAME_SIGNAL_MS) return
    if (controller.signal.aborted)
      return say(
        "Still undoing. If this process is killed now, the next command finishes or undoes the rest.",
      )
    first = performance.now()
    say("Stopping: what was begun is finished or undone first.")
    controller.abort(new Refusal(130, "Interrupted. Nothing was changed."))
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of SIGNALS) process.off(name, onSignal)
    },
  }
}
