import { join } from "node:path"
import { ops, startOps } from "../../test-deploy/operator.ts"
import { removeStack } from "../../test-deploy/remove-stack.ts"
import { check, expect } from "../../testing/check.ts"
import { succeeded } from "../../testing/running-command.ts"
import { Person } from "../host-lost/person.ts"
import type { Raised } from "./stack.ts"

/** The stack is lost, with its volumes and secrets, and recovered from its kit; what it backs up then is drilled. */
export async function checkRecovered({ stack, environment, operator, site }: Raised): Promise<boolean> {
  const kit = join(site.folder, "docket.kit")
  const passphrase = join(site.folder, "passphrase")
  await Bun.write(passphrase, "correct horse battery staple of the tests")
  const withKit = { ...operator, KIT_PASSPHRASE_FILE: passphrase }
  let recovered = false
  await check("a kit names what ran, and the stack comes back from it after its loss", async () => {
    succeeded(await startOps(["recovery-kit", environment, "--file", kit], withKit).done)
    const told = await startOps(["recovery-kit", "--check", kit], withKit).done
    succeeded(told)
    await removeStack(stack.name)
    const args = ["recover", kit, "--environment", environment, "--backup", "newest"]
    const done = await startOps(args, { KIT_PASSPHRASE_FILE: passphrase }).done
    succeeded(done)
    recovered = true
    return `RTO ${done.said.rtoSeconds} s`
  })
  if (!recovered) return false
  await check("a drill proves what the recovered stack backs up", async () => {
    succeeded(await ops("restore", environment, "--go-live"))
    const person = new Person(site)
    await person.signIn()
    await person.write("after the recovery")
    const made = await ops("backup", environment)
    succeeded(made)
    const { id } = made.said.backup as { id: string }
    const done = await startOps(["drill", id], operator).done
    succeeded(done)
    const { facts } = done.said.proof as { facts: Record<string, number> }
    expect(facts.rows! > 0 && facts.smokeChecks! > 0, JSON.stringify(facts))
    const { said } = await startOps(["backups"], operator).done
    expect(JSON.stringify(said).includes(id), "it is not listed")
    return `${facts.tables} tables, ${facts.rows} rows, ${facts.smokeChecks} checks`
  })
  return true
}
