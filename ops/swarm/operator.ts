import { createHash } from "node:crypto"
import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"

/** The process that gives an order, as others see it. */
export type Operator = {
  /** `user@host`, for people. */
  by: string
  /** Where `process` is a process: this boot of this machine, in this namespace. Empty where that can't be told. */
  machine: string
  process: number
}

export function operator(): Operator {
  // In a pipeline, the account is the runner's; who started it is what counts.
  const user =
    process.env.GITHUB_ACTOR ?? process.env.USER ?? process.env.LOGNAME ?? `user ${process.getuid?.()}`
  return { by: `${user}@${hostname()}`, machine: machine(), process: process.pid }
}

/** Whether `who` still runs; undefined when that can't be told from here. */
export function isAlive(who: Operator): boolean | undefined {
  const here = machine()
  if (!here || who.machine !== here) return undefined
  try {
    process.kill(who.process, 0)
  } catch (error) {
    return (error as { code?: string }).code === "EPERM"
  }
  return !isZombie(who.process)
}

/** Whether it has ended, and only its parent has not asked yet how (proc(5), `stat`). */
function isZombie(process: number): boolean {
  try {
    return /^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${process}/stat`, "utf8"))
  } catch {
    return false
  }
}

/** Two laptops may have one name, and two containers one boot, so neither is enough to call a process dead. */
function machine(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8")
    return createHash("sha256")
      .update(boot)
      .update(readlinkSync("/proc/self/ns/pid"))
      .digest("hex")
      .slice(0, 12)
  } catch {
    return ""
  }
}
