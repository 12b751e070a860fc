import { SMOKE_EMAIL } from "../../server/accounts/smoke-account.ts"
import { generateSecrets } from "../secrets/generate.ts"
import type { SmokeReport } from "../smoke/report.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import type { Done } from "../testing/running-command.ts"
import { ops } from "./operator.ts"
import { removeStack } from "./remove-stack.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"

/** `ops smoke` against a real stack: what it tries, what it leaves, and what it says when something is wrong. */
export async function checkSmoke(site: Site) {
  const stack = await Stack.of(site, "smoke", { replicas: 1 })
  const { path } = stack.environment
  try {
    await removeStack(stack.name)
    await generateSecrets(stack.engine, stack.environment, false)
    const deployed = await ops("deploy", path, site.image)
    expect(deployed.exitCode === 0, `${deployed.said.message}\n${deployed.told}`)
    await check("a good deployment passes every check, and none is left out", async () => {
      const done = await ops("smoke", path)
      const { checks, skipped } = reportOf(done)
      expect(done.exitCode === 0 && skipped.length === 0, `${done.said.message}\n${done.told}`)
      expect(checks.map(({ name }) => name).join() === expectedChecks(site).join(), done.told)
      return `${checks.length} checks, ${done.seconds.toFixed(1)} s`
    })
    await check("two at a time do not disturb each other", async () => {
      const both = await Promise.all([ops("smoke", path), ops("smoke", path)])
      for (const { exitCode, told } of both) expect(exitCode === 0, told)
    })
    await check("its account stands outside of mail and keeps nothing; its tasks and password are gone", () =>
      leavesNothing(stack),
    )
    await checkFaults(stack)
  } finally {
    await stack.end()
  }
}

async function leavesNothing(stack: Stack) {
  const account = `(select id from accounts where email = '${SMOKE_EMAIL}')`
  const accounts = await stack.psql(`select count(*) from accounts where email = '${SMOKE_EMAIL}'`)
  expect(accounts === "1", `${accounts} accounts`)
  const sessions = await stack.psql(
    `select count(*) from sessions where account_id = ${account} and ended_at is null`,
  )
  expect(sessions === "0", `${sessions} sessions are left`)
  const todos = await stack.psql(
    `select count(*) from todos join memberships on space_id = list_id where account_id = ${account} and trashed_at is null`,
  )
  expect(todos === "0", `${todos} todos are left`)
  const letters = await stack.psql(`select count(*) from pgboss.job where data::text like '%${SMOKE_EMAIL}%'`)
  expect(letters === "0", `${letters} letters were written to it`)
  const services = await docker("service", "ls", "--format", "{{.Name}}")
  expect(!services.includes("smoke-account"), services)
}

async function checkFaults(stack: Stack) {
  const { path } = stack.environment
  await check("says that the database is away, and does not try what needs it", async () => {
    await scale(stack, "database", 0)
    const done = await ops("smoke", path)
    await scale(stack, "database", 1)
    const { checks, skipped } = reportOf(done)
    expect(done.exitCode === 1 && failed(checks) === "health", `${done.exitCode}: ${done.told}`)
    expect(/database is away/.test(done.said.message ?? ""), `it says: ${done.said.message}`)
    expect(skipped.map(({ name }) => name).includes("sign in"), "signing in was tried")
    await stack.settled()
  })
  await check("says which checks fail when nothing answers behind the proxy", async () => {
    await scale(stack, "server", 0)
    const done = await ops("smoke", path)
    await scale(stack, "server", 1)
    const { checks } = reportOf(done)
    expect(done.exitCode === 1 && failed(checks).includes("live,health,page,headers"), `${done.told}`)
    await stack.settled()
  })
  await check("and passes again once all is well", async () => {
    for (let tries = 0; ; tries++) {
      const done = await ops("smoke", path)
      if (done.exitCode === 0) return
      expect(tries < 10, done.told)
      await Bun.sleep(2000)
    }
  })
}

async function scale(stack: Stack, service: string, replicas: number) {
  await docker("service", "scale", "--detach", `${stack.name}_${service}=${replicas}`)
  const running = async () =>
    (await stack.tasks(service)).filter(({ Status }) => Status.State === "running").length
  for (let tries = 0; (await running()) !== replicas; tries++) {
    expect(tries < 240, `${service} does not come to ${replicas}`)
    await Bun.sleep(500)
  }
}

const reportOf = ({ said }: Done) => said as unknown as SmokeReport

const failed = (checks: SmokeReport["checks"]) =>
  checks
    .filter(({ ok }) => !ok)
    .map(({ name }) => name)
    .join()

const expectedChecks = ({ domains }: Site) => [
  ...domains.flatMap((domain) => [`certificate ${domain}`, `redirect ${domain}`]),
  ...["live", "health", "page", "headers", "account", "sign in", "create", "list", "delete", "sign out"],
]
