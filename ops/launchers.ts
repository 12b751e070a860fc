import { findProcess, isRunning } from "../server/database/processes.ts"

/** What starts a script on the way from a terminal: npx, npm, bun. The shells between them end with their own. */
const LAUNCHER = /^(npm (exec|run)|\S*node\S* \S*\b(npm|npx)\b|(\S*\/)?bunx?(\.exe)?) /

/**
 * Calls `then` once one of the processes that launched this one is gone. Signals reach them all from a terminal, but
 * one that is meant for npx alone, or `kill -9`, is not passed on.
 */
export function whenLauncherEnds(then: () => void) {
  const launchers = ownLaunchers()
  const timer = setInterval(() => {
    if (launchers.every(isRunning)) return
    clearInterval(timer)
    then()
  }, 1000)
  timer.unref()
}

function ownLaunchers(): number[] {
  const found: number[] = []
  for (let pid = process.ppid; pid > 1; ) {
    const ancestor = findProcess(pid)
    if (ancestor && LAUNCHER.test(`${ancestor.command} `)) found.push(pid)
    pid = ancestor?.parent ?? 0
  }
  return found
}
