import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { deriveServer } from "./images.ts"
import { startLoad } from "./load/load.ts"
import type { LoadReport } from "./load/report.ts"
import type { Site } from "./site.ts"
import { type Change, Stack } from "./stack.ts"
import { underLoad } from "./under-load.ts"

const ROLLS = 10
/** Seconds that are watched once an update is over. */
const SETTLING = 15

/** The update's pauses are shorter than production's, so that ten fit; what keeps requests whole is production's. */
const quickly: Change = ({ services }) => {
  for (const name of ["update_config", "rollback_config"])
    Object.assign(services.server!.deploy[name] as object, { delay: "2s", monitor: "3s" })
}

/** The two settings without which requests fail. */
const carelessly: Change = (compose) => {
  quickly(compose)
  const { server, traefik } = compose.services
  server!.environment!.SHUTDOWN_DRAIN_SECONDS = "0"
  traefik!.command = traefik!.command!.map((flag) => flag.replace(/(refreshSeconds)=\d+/, "$1=15"))
}

/** Updates and scaling under load: nothing fails, and with careless settings something does. */
export async function checkRolling(site: Site) {
  const stack = await Stack.of(site, "rolling")
  const releases = [site.image, await deriveServer(site.image, "other", ["LABEL test.release=other"])]
  try {
    await stack.raise(site.image, quickly)
    await check(`rolls to another release ${ROLLS} times in a row with no failed request`, async () => {
      const { line } = await underLoad(stack, async () => {
        for (let roll = 1; roll <= ROLLS; roll++) await rollTo(stack, releases[roll % 2]!, quickly)
      })
      return line
    })
    await check("scales up and down with no failed request", async () => {
      const { line } = await underLoad(stack, async () => {
        for (const replicas of [4, 2, 3, 1, 2]) {
          await docker("service", "scale", "--detach", `${stack.name}_server=${replicas}`)
          await stack.settled()
          await Bun.sleep(3000)
        }
      })
      return line
    })
    await check("loses requests while Traefik starts again, and is back within 30 s", async () => {
      let fault = 0
      const report = await loaded(site, async () => {
        fault = performance.now()
        await docker("service", "update", "--force", "--detach", `${stack.name}_traefik`)
        await Bun.sleep(2000)
        await stack.settled()
      })
      expect(report.backAfter(fault) < 30, `not back after ${report.backAfter(fault)} s: ${report.kinds}`)
      return `away for ${report.backAfter(fault).toFixed(1)} s; ${report.line}: ${report.kinds}`
    })
    await check("control: without a drain, and with a refresh of 15 s, requests fail", async () => {
      await stack.deploy(site.image, carelessly)
      await Bun.sleep(2000)
      await stack.settled()
      const report = await loaded(site, async () => {
        for (const roll of [1, 2]) await rollTo(stack, releases[roll % 2]!, carelessly)
      })
      expect(report.failed > 0, `nothing failed, so the load shows nothing: ${report.line}`)
      return `${report.line}: ${report.kinds}`
    })
  } finally {
    await stack.end()
  }
}

async function rollTo(stack: Stack, image: string, change: Change) {
  await stack.deploy(image, change)
  await stack.rolledTo(image)
}

/** Runs `work` under load, which begins before it and ends after what it leaves behind. */
async function loaded(site: Site, work: () => Promise<void>): Promise<LoadReport> {
  const load = await startLoad(site)
  try {
    await Bun.sleep(3000)
    await work()
    await Bun.sleep(SETTLING * 1000)
  } finally {
    await load.stop()
  }
  return load.report
}
