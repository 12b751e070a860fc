import { generateSecrets } from "../secrets/generate.ts"
import { keptImages } from "../swarm/images.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { refused, serves, succeeded } from "./deploys.ts"
import { ops } from "./operator.ts"
import { migrating, shipped } from "./release-images.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"
import { withLoad } from "./with-load.ts"

/** Seconds that a rollback may take, from the command to its end. */
const MOST_SECONDS = 60

/** An earlier release is put back: on a newer schema, and while everything else is away. */
export async function checkRollback(site: Site) {
  const stack = await Stack.of(site, "rollback")
  const { path } = stack.environment
  const last = await shipped()
  const table = { serves: last, text: "create table test_birds (name text);" }
  const first = site.image
  const second = await migrating(site, "second", [table])
  const third = await migrating(site, "third", [table, { serves: last + 1, text: "drop table test_birds;" }])
  try {
    await stack.remove()
    await generateSecrets(stack.engine, stack.environment, false)
    for (const image of [first, second]) succeeded(await ops("deploy", path, image))

    await check(`goes back on the schema of the newer release, in under ${MOST_SECONDS} s, no request failed`, async () => {
      const { result, report } = await withLoad(site, () => ops("rollback", path))
      succeeded(result)
      await serves(stack, first)
      expect((await stack.psql("select to_regclass('test_birds')")) === "test_birds", "the schema went back too")
      expect(result.seconds < MOST_SECONDS, `it took ${result.seconds.toFixed(0)} s`)
      expect(report.failed === 0, `${report.line}: ${report.kinds}`)
      return `${result.seconds.toFixed(0)} s; ${report.line}`
    })
    await check("goes forward again by the same command, to a number", async () => {
      succeeded(await ops("rollback", path, "2"))
      await serves(stack, second)
    })
    await check("works while the registry and the database are away", async () => {
      await docker("stop", site.registryContainer)
      await docker("service", "scale", "--detach", `${stack.name}_database=0`)
      try {
        await stack.without("database")
        const done = await ops("rollback", path, "1")
        succeeded(done)
        await serves(stack, first)
        expect(done.seconds < MOST_SECONDS, `it took ${done.seconds.toFixed(0)} s`)
        return `${done.seconds.toFixed(0)} s`
      } finally {
        await docker("start", site.registryContainer)
        await docker("service", "scale", "--detach", `${stack.name}_database=1`)
        await stack.settled()
      }
    })
    await check("refuses a release that the schema no longer serves, and names those that work", async () => {
      succeeded(await ops("deploy", path, third))
      const done = await ops("rollback", path, "1")
      refused(done, 3, new RegExp(`works with the schema up to ${last}, and the database serves ${last + 1}`))
      expect(/These work: 2 \(sha256:\w+\)/.test(done.said.message!), `it says: ${done.said.message}`)
      await serves(stack, third)
      refused(await ops("deploy", path, first), 3, /the database serves/)
      refused(await ops("rollback", path, "99"), 3, /Release 99 is not on record/)
      refused(await ops("rollback", path, "latest"), 2, /no release's number/)
    })
    await check("keeps the last three releases' images on every node, and no prune takes them", async () => {
      const kept = await keptImages(stack.engine, stack.name)
      expect([first, second, third].every((image) => kept.includes(image)), `kept are ${kept.join(", ")}`)
      for (const image of kept) await docker("image", "inspect", "--format", "{{.Id}}", image)
    })
    await check("says who released what, when, and what came of it", async () => {
      const { said } = await ops("releases", path)
      const releases = said.releases as Record<string, unknown>[]
      for (const release of releases)
        for (const fact of ["number", "by", "at", "image", "commit", "version", "schema", "outcome"])
          expect(release[fact] !== undefined, `release ${release.number} has no ${fact}`)
      return `${releases.length} releases`
    })
  } finally {
    await stack.end()
  }
}
