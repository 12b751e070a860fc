import { dirname } from "node:path"
import { isRunning } from "../swarm/rollout.ts"
import { check, expect } from "../testing/check.ts"
import { attempt, docker } from "../testing/engine.ts"
import { type Load, startLoad } from "./load/load.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"

const BACK_WITHIN_SECONDS = 30
/** Seconds that are watched after a fault. */
const WATCHED = 45

/** What becomes of requests when a part fails: it is counted, and service is back within half a minute. */
export async function checkFailures(site: Site) {
  const stack = await Stack.of(site, "failures")
  try {
    await stack.raise(site.image, ({ services }) => {
      // Logs are turned over often, so that the full disk is soon met.
      Object.assign((services.server!.logging as { options: object }).options, { "max-size": "64k" })
    })
    await check("a killed replica", () =>
      afterFault(stack, async () => {
        await docker("kill", "--signal=KILL", await containerOf(stack, "server"))
      }),
    )
    await check("a replica that hangs (SIGSTOP)", () =>
      afterFault(stack, async () => {
        // The container's first process is its init, whose only child is the server.
        const stop = "kill -STOP $(cat /proc/1/task/1/children)"
        await docker("exec", await containerOf(stack, "server"), "sh", "-c", stop)
      }),
    )
    await check("a killed database", () =>
      afterFault(stack, async () => {
        await docker("kill", "--signal=KILL", await containerOf(stack, "database"))
      }),
    )
    await check("a full disk for logs fails no request, and logs go on when there is room again", () =>
      withFullDisk(stack),
    )
  } finally {
    await stack.end()
  }
}

/** Strikes under load, and throws unless everything sent from half a minute later on succeeds, and every part is there. */
async function afterFault(stack: Stack, strike: () => Promise<void>): Promise<string> {
  const load = await startLoad(stack.site)
  let fault = 0
  try {
    await Bun.sleep(3000)
    await strike()
    fault = performance.now()
    await Bun.sleep(WATCHED * 1000)
  } finally {
    await load.stop()
  }
  const { report } = load
  const back = report.backAfter(fault)
  const given = Math.max(0, ...report.failures.map(({ endedAt }) => (endedAt - fault) / 1000))
  const figures = `${report.line}${report.failed > 0 ? `: ${report.kinds}` : ""}`
  expect(back < BACK_WITHIN_SECONDS, `the last failure was sent after ${back.toFixed(1)} s; ${figures}`)
  expect(given < BACK_WITHIN_SECONDS, `the last failure was told after ${given.toFixed(1)} s; ${figures}`)
  await stack.settled()
  return `back after ${back.toFixed(1)} s; ${figures}`
}

async function containerOf(stack: Stack, service: string): Promise<string> {
  const [task] = (await stack.tasks(service)).filter(isRunning)
  if (!task?.Status.ContainerStatus) throw new Error(`${service} does not run`)
  return task.Status.ContainerStatus.ContainerID
}

/**
 * Puts a file system of a few kilobytes where the engine keeps what it writes for each replica. The file in use stays
 * on the old one until logs are turned over; the next one meets the full disk.
 */
async function withFullDisk(stack: Stack): Promise<string> {
  const containers = (await stack.tasks("server"))
    .filter(isRunning)
    .map(({ Status }) => Status.ContainerStatus!.ContainerID)
  const folders = await Promise.all(
    containers.map(async (id) => dirname(await docker("inspect", "--format", "{{.LogPath}}", id))),
  )
  const onHost = (...command: string[]) =>
    docker(
      "run",
      "--rm",
      "--privileged",
      "--pid=host",
      "--entrypoint",
      "nsenter",
      stack.site.images.bun,
      "-t",
      "1",
      "-m",
      ...command,
    )
  const mount = (options: string, folder: string) =>
    onHost("mount", "-t", "tmpfs", "-o", options, "docket-test", folder)
  const load: Load = await startLoad(stack.site)
  try {
    for (const folder of folders) await mount("size=32k,mode=0710", folder)
    await Bun.sleep(40_000)
    const used = await Promise.all(folders.map((folder) => onHost("df", "--output=pcent", folder)))
    expect(
      used.every((text) => text.includes("100%")),
      `the disk is not full: ${used.join(", ")}`,
    )
    for (const folder of folders) await mount("remount,size=8m", folder)
    const lines = async () =>
      (await attempt("service", "logs", "--raw", "--since=5s", `${stack.name}_server`)).stdout.length
    await Bun.sleep(8000)
    expect((await lines()) > 0, "nothing is logged though there is room again")
  } finally {
    await load.stop()
    for (const folder of folders) await onHost("umount", "-l", folder).catch(() => undefined)
  }
  expect(load.report.failed === 0, `${load.report.line}: ${load.report.kinds}`)
  await stack.settled()
  return load.report.line
}
