import { readFileSync } from "node:fs"

/** Another process of this machine: who started it, and by which command line. */
export type Process = { parent: number; command: string }

/** Read from /proc where there is one, since small systems lack `ps`. Undefined when it is gone (and on Windows). */
export function findProcess(pid: number): Process | undefined {
  if (process.platform === "win32") return
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid)
}

/** Whether a process runs; one that ended and was not waited for yet (a zombie) does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false
  }
  return process.platform !== "linux" || fromProc(pid) !== undefined
}

/** proc_pid_stat(5): `pid (name, which may hold anything) state parent …`. */
function fromProc(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    if (state === "Z" || state === "X") return
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()
    return { parent: Number(parent), command }
  } catch {
    // It ended while we looked.
    return
  }
}

function fromPs(pid: number): Process | undefined {
  const line = Bun.spawnSync(["ps", "-o", "ppid=,command=", "-p", `${pid}`]).stdout.toString()
  const [, parent, command] = line.match(/^ *(\d+) (.*)/) ?? []
  return command === undefined ? undefined : { parent: Number(parent), command }
}
