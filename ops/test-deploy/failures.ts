import { isRunning } from "../swarm/rollout.ts"
import { check, expect } from "../testing/check.ts"
import { attempt, docker } from "../testing/engine.ts"
import { type Load, startLoad } from "./load/load.ts"
import { LogDisk } from "./log-disk.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"

const BACK_WITHIN_SECONDS = 30
/** Seconds that are watched after a fault. */
const WATCHED = 45
/** A process that hangs is unhealthy after 24 s, and is given 60 s to end. */
const REPLACED_WITHIN_SECONDS = 150

/** What becomes of requests when a part fails: it is counted, and service is back within half a minute. */
export async function checkFailures(site: Site) {
  const stack = await Stack.of(site, "failures")
  try {
    await stack.raise(site.image, ({ services }) => {
      // Logs are turned over often, so that the full disk is soon met.
      Object.assign((services.server!.logging as { options: object }).options, { "max-size": "64k" })
    })
    await check("a killed replica", () =>
      afterFault(stack, "server", (container) => docker("kill", "--signal=KILL", container)),
    )
    await check("a replica that hangs (SIGSTOP)", () =>
      afterFault(stack, "server", (container) =>
        // The container's first process is its init, whose only child is the server.
        docker("exec", container, "sh", "-c", "kill -STOP $(cat /proc/1/task/1/children)"),
      ),
    )
    await check("a killed database", () =>
      afterFault(stack, "database", (container) => docker("kill", "--signal=KILL", container)),
    )
    await check("a full disk for logs fails no request, and logs go on when there is room again", () =>
      withFullDisk(stack),
    )
  } finally {
    await stack.end()
  }
}

/**
 * Strikes a container of `service` under load, and throws unless everything that is sent from half a minute later on
 * succeeds, and the part is then replaced.
 */
async function afterFault(
  stack: Stack,
  service: string,
  strike: (container: string) => Promise<unknown>,
): Promise<string> {
  await stack.settled()
  const container = await containerOf(stack, service)
  const load = await startLoad(stack.site)
  let fault = 0
  try {
    await Bun.sleep(3000)
    fault = performance.now()
    await strike(container)
    await Bun.sleep(WATCHED * 1000)
  } finally {
    await load.stop()
  }
  const { report } = load
  const back = report.backAfter(fault)
  // A stream that was open has its answer: it ends with the process at the other end, whenever that is.
  const { cut = [], failures = [] } = Object.groupBy(report.failures, ({ request, sentAt }) =>
    request === "stream" && sentAt < fault ? "cut" : "failures",
  )
  const last = failures.toSorted((one, other) => other.endedAt - one.endedAt)[0]
  const told = last ? (last.endedAt - fault) / 1000 : 0
  const lastCut = Math.max(0, ...cut.map(({ endedAt }) => (endedAt - fault) / 1000))
  const figures = `${report.line}${report.failed > 0 ? `: ${report.kinds}; ${sentAfter(failures, fault)}` : ""}`
  expect(back < BACK_WITHIN_SECONDS, `the last failure was sent after ${back.toFixed(1)} s; ${figures}`)
  expect(
    told < BACK_WITHIN_SECONDS,
    `the last failure was told after ${told.toFixed(1)} s (${last?.kind}, ${last?.request}, sent after ${(((last?.sentAt ?? fault) - fault) / 1000).toFixed(1)} s); ${figures}`,
  )
  const replaced = await replacedAfter(stack, service, container, fault)
  return `back after ${back.toFixed(1)} s, the last failure told after ${told.toFixed(1)} s, ${cut.length} open streams cut after up to ${lastCut.toFixed(1)} s, replaced after ${replaced.toFixed(0)} s; ${figures}`
}

/** How many of the failed requests were sent in which second after the fault. */
function sentAfter(failures: { sentAt: number }[], fault: number): string {
  const seconds = Map.groupBy(failures, ({ sentAt }) => Math.floor((sentAt - fault) / 1000))
  const counts = [...seconds].sort(([one], [other]) => one - other)
  return `by the second after the fault: ${counts.map(([second, { length }]) => `${second}: ${length}`).join(", ")}`
}

/** Seconds from `fault` until the engine does not run `container` any more and the service is whole without it. */
async function replacedAfter(
  stack: Stack,
  service: string,
  container: string,
  fault: number,
): Promise<number> {
  for (let state = ""; state !== "gone"; await Bun.sleep(250)) {
    const { stdout } = await attempt("inspect", "--format", "{{.State.Running}}", container)
    state = stdout === "true" ? "runs" : "gone"
    const seconds = (performance.now() - fault) / 1000
    expect(seconds < REPLACED_WITHIN_SECONDS, `the container of ${service} still runs after ${seconds} s`)
  }
  await stack.settled()
  return (performance.now() - fault) / 1000
}

async function containerOf(stack: Stack, service: string): Promise<string> {
  const [task] = (await stack.tasks(service)).filter(isRunning)
  if (!task?.Status.ContainerStatus) throw new Error(`${service} does not run`)
  return task.Status.ContainerStatus.ContainerID
}

/**
 * Moves what the engine keeps of each replica, its log among it, to a file system of its own with little room left, has
 * it fill up, and gives it room again.
 */
async function withFullDisk(stack: Stack): Promise<string> {
  const containers = (await stack.tasks("server"))
    .filter(isRunning)
    .map(({ Status }) => Status.ContainerStatus!.ContainerID)
  const disks = await Promise.all(containers.map((id) => LogDisk.of(stack.site.images.bun, id)))
  const load: Load = await startLoad(stack.site)
  try {
    for (const disk of disks) await disk.mount()
    for (const room of await Promise.all(disks.map((disk) => disk.fill(30))))
      expect(room === 0, `the disk is not full: ${room} bytes are free`)
    for (const disk of disks) await disk.enlarge()
    await Bun.sleep(5000)
    for (const disk of disks) {
      const before = await disk.lastChange()
      await Bun.sleep(5000)
      expect((await disk.lastChange()) > before, "nothing is logged though there is room again")
    }
  } finally {
    await load.stop()
    for (const disk of disks) await disk.unmount().catch(() => undefined)
  }
  expect(load.report.failed === 0, `${load.report.line}: ${load.report.kinds}`)
  await stack.settled()
  return load.report.line
}
