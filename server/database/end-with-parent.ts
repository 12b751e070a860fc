import type { Subprocess } from "bun"

/** Held, because a collected watchdog closes its pipe and ends its child. */
const watchdogs = new Set<Subprocess>()

/**
 * Ends `child` and its process group when this process is gone, in whatever way: `kill -9` runs no handler of
 * ours, but the kernel closes our end of the pipe that a waiting shell reads from. (On Windows nothing waits.)
 *
 * Spawn the child with `detached: true`, so that it leads a group and a Ctrl-C meant for us does not reach it.
 */
export function endWithParent(child: Subprocess, signal: "INT" | "TERM") {
  child.unref()
  if (process.platform === "win32") return
  const watchdog = Bun.spawn(
    ["/bin/sh", "-c", `read -r _; kill -s "$1" -- "-$2" 2>/dev/null`, "sh", signal, `${child.pid}`],
    { detached: true, stdin: "pipe", stdout: "ignore", stderr: "ignore" },
  )
  watchdog.unref()
  watchdogs.add(watchdog)
  child.exited.then(() => {
    watchdog.kill("SIGKILL")
    watchdogs.delete(watchdog)
  })
}
