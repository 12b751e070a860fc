import { join } from "node:path"
import { check, expect } from "../../testing/check.ts"
import { newFolder, run } from "./programs.ts"

const FOLDER = join(import.meta.dir, "../../monitoring")

/** What can be said of the files by themselves. */
export async function checkFiles() {
  await check("promtool takes the rules", async () => {
    const said = await run("promtool", "check", "rules", join(FOLDER, "rules.yml"))
    return /SUCCESS: (\d+ rules)/.exec(said)?.[1]
  })
  await check(
    "each alert fires within five minutes of its fault, not before it, and resolves (promtool)",
    async () => {
      await run("promtool", "test", "rules", join(FOLDER, "rules.test.yml"))
      const tests = Bun.YAML.parse(await Bun.file(join(FOLDER, "rules.test.yml")).text()) as {
        tests: unknown[]
      }
      return `${tests.tests.length} tests`
    },
  )
  await check("a rule that is broken is noticed: those tests can fail", async () => {
    const folder = await newFolder()
    const rules = await Bun.file(join(FOLDER, "rules.yml")).text()
    await Bun.write(join(folder, "rules.yml"), rules.replace("> 0.05\n", "> 0.5\n"))
    await Bun.write(join(folder, "rules.test.yml"), Bun.file(join(FOLDER, "rules.test.yml")))
    const failed = await run("promtool", "test", "rules", join(folder, "rules.test.yml")).then(
      () => null,
      (error: Error) => error.message,
    )
    expect(failed?.includes("ErrorRateHigh") === true, `promtool says ${failed}`)
  })
  await check("promtool takes Prometheus' configuration, and amtool Alertmanager's example", async () => {
    const folder = await newFolder()
    const text = await Bun.file(join(FOLDER, "prometheus.yml")).text()
    await Bun.write(join(folder, "token"), "token")
    await Bun.write(
      join(folder, "prometheus.yml"),
      text
        .replaceAll("$" + "{DOMAIN}", "docket.example.org")
        .replace("/run/secrets/metrics-token", join(folder, "token"))
        .replace("/etc/prometheus/rules.yml", join(FOLDER, "rules.yml")),
    )
    await run("promtool", "check", "config", join(folder, "prometheus.yml"))
    await run("amtool", "check-config", join(FOLDER, "alertmanager.example.yml"))
  })
}
