import { ops, startOps } from "../../test-deploy/operator.ts"
import { check, expect } from "../../testing/check.ts"
import { docker } from "../../testing/engine.ts"
import { refused, succeeded } from "../../testing/running-command.ts"
import { until } from "../../testing/until.ts"
import { Person } from "../host-lost/person.ts"
import { type Raised, stored } from "./stack.ts"

const QUIET = "select count(*) from restores where released_at is null"

/** A backup takes the place of a database that is in use. */
export async function checkReplaced(raised: Raised) {
  const { stack, environment, operator, site } = raised
  const person = new Person(site)
  // A deploy's smoke test leaves one in its own trash.
  const titles = async () =>
    stack.psql("select string_agg(title, ',' order by title) from todos where title not like 'Smoke test%'")
  await check("a backup is made by hand, and rows are written after it", async () => {
    await person.register()
    await person.signIn()
    await person.write("before")
    succeeded(await ops("backup", environment))
    await person.write("later")
    expect((await stored(raised)).length > 0, "the bucket is empty")
  })
  const restore = (...args: string[]) =>
    startOps(["restore", "--environment", environment, ...args], operator).done
  await check("restored beside, proven equal, the service goes on with what it has", async () => {
    const done = await restore()
    succeeded(done)
    const { proof } = done.said.restored as { proof: Record<string, number> }
    expect(proof.tables! > 20 && proof.grants! > 50, JSON.stringify(proof))
    expect((await titles()) === "before,later", `it holds ${await titles()}`)
    expect(await person.isSignedIn(), "the session has ended")
    return `${proof.tables} tables, ${proof.rows} rows, ${proof.grants} grants equal; ${Math.round(done.seconds)} s`
  })
  await check("nobody is asked, so --switch wants --yes", async () => {
    refused(await restore("--switch"), 2, /say --yes/)
  })
  await check("put in the place of the running one, which is kept: quiet, and people sign in", async () => {
    const done = await restore("--switch", "--yes")
    succeeded(done)
    expect((await titles()) === "before", `it holds ${await titles()}`)
    const names = await stack.psql("select string_agg(datname, ',') from pg_database")
    expect(names.includes(String(done.said.kept)), `${done.said.kept} is not among ${names}`)
    // No process trusts what it knows of a session for longer than five seconds.
    await until("sessions of before are ended", async () => !(await person.isSignedIn()), 10)
    await person.signIn()
    await person.write("after")
    expect((await stack.psql(QUIET)) === "1", "it is not quiet")
    return `${Math.round(done.seconds)} s, kept as ${done.said.kept}`
  })
  await check("it goes live, the smoke test passes, and no key is left in the Swarm", async () => {
    succeeded(await ops("restore", environment, "--go-live"))
    expect((await stack.psql(QUIET)) === "0", "it is quiet still")
    succeeded(await ops("smoke", environment))
    const names = await docker("secret", "ls", "--format", "{{.Name}}")
    expect(!/restore-/.test(names), names)
  })
  await check("the backup service and the deploy go on with the restored one", async () => {
    succeeded(await ops("backup", environment))
    succeeded(await ops("deploy", environment, site.image))
  })
}
