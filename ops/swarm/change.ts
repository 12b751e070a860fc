import type { SwarmEnvironment } from "../environments/environment.ts"
import type { Steps } from "../progress.ts"
import type { Engine } from "./engine.ts"
import type { Lock } from "./lock.ts"

/** A command that may change a stack, while it holds the stack's lock. */
export type Change = {
  engine: Engine
  environment: SwarmEnvironment
  stack: string
  /** The server's service. */
  service: string
  lock: Lock
  /** Aborts on Ctrl-C, SIGTERM or a lost terminal, and when the lock is lost. */
  signal: AbortSignal
  steps: Steps
}
