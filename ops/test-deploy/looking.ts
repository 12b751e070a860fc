import { check, expect } from "../testing/check.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { ops, opsForPeople } from "./operator.ts"
import type { Stack } from "./stack.ts"
import { underLoad } from "./under-load.ts"

type Row = Record<string, unknown>

/** The commands beside deploy and rollback, on a stack with several releases. */
export async function checkLooking(stack: Stack) {
  const { path } = stack.environment
  await check("releases: who, when, digest, commit, schema and outcome of each", async () => {
    const { said } = await ops("releases", path)
    const releases = said.releases as Row[]
    for (const release of releases)
      for (const fact of ["number", "by", "at", "image", "commit", "version", "schema", "outcome"])
        expect(release[fact] !== undefined, `release ${release.number} has no ${fact}`)
    const shown = await opsForPeople("releases", path)
    expect(/^\d+ .*serves now$/m.test(shown), `none is said to serve: ${shown}`)
    return `${releases.length} releases`
  })
  await check("status: the release that serves, and each service's tasks", async () => {
    const { said } = await ops("status", path)
    const services = said.services as { name: string; running: number; wanted: number; tasks: Row[] }[]
    expect(services.length === 4, `there are ${services.length} services`)
    for (const { name, running, wanted, tasks } of services)
      expect(running === wanted && tasks.length === wanted, `${running} of ${wanted} of ${name} run`)
    expect(said.holder === null && said.halfMade === null, "somebody is at work")
    const release = said.release as Row
    const shown = await opsForPeople("status", path)
    expect(shown.includes(`runs release ${release.number}`), shown)
  })
  await check("logs: what a service wrote, of all replicas or one release; bad input is named", async () => {
    const all = (await ops("logs", path, "--lines", "5")).said.lines as string[]
    expect(
      all.length >= 5 && all.every((line) => /^\d{4}-\d\d-\d\dT/.test(line)),
      `it says: ${all.join("\n")}`,
    )
    for (const service of ["traefik", "database", "socket-proxy"])
      succeeded(await ops("logs", path, "--service", service, "--since", "1h", "--lines", "3"))
    refused(await ops("logs", path, "--service", "sever"), 2, /has no service "sever"\. It has: .*server/)
    refused(await ops("logs", path, "--lines", "all"), 2, /must be a number/)
    refused(await ops("logs", path, "--release", "99"), 2, /Release 99 is not on record/)
  })
  await check("scale: up and down with no failed request", async () => {
    const { result, line } = await underLoad(stack, async () => {
      const up = await ops("scale", path, "3")
      const down = await ops("scale", path, "2")
      return [up, down] as const
    })
    for (const done of result) succeeded(done)
    const [up, down] = result.map(({ said }) => said)
    expect(up!.before === 2 && up!.replicas === 3, JSON.stringify(up))
    expect(down!.before === 3 && down!.replicas === 2, JSON.stringify(down))
    refused(await ops("scale", path, "0"), 2, /no number of replicas/)
    return `${result.map(({ seconds }) => `${seconds.toFixed(0)} s`).join(" and ")}; ${line}`
  })
}
