import { connect } from "node:net"
import type { Finding } from "../doctor/finding.ts"
import { generateSecrets } from "../secrets/generate.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { checkDatabase } from "./doctor/database.ts"
import { type Expected, examine, hold, notOk, ofTheMachine, sentences } from "./doctor/examine.ts"
import { checkRouting } from "./doctor/routing.ts"
import { checkServer } from "./doctor/server.ts"
import { ops } from "./operator.ts"
import { removeStack } from "./remove-stack.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"

/** `ops doctor` on a real stack: nothing is said of a good one but what is so, and each fault is named. */
export async function checkDoctor(site: Site) {
  const stack = await Stack.of(site, "doctor", { replicas: 1 })
  try {
    await removeStack(stack.name)
    await generateSecrets(stack.engine, stack.environment, false)
    const deployed = await ops("deploy", stack.environment.path, site.image)
    expect(deployed.exitCode === 0, `${deployed.said.message}\n${deployed.told}`)
    let usual: Finding[] = []
    await check("says nothing of a good deployment but what is so", async () => {
      usual = await examine(stack)
      await believe(stack, notOk(usual))
      return `${usual.length} findings, ${notOk(usual).length} of them not ok`
    })
    await checkServer(stack, usual)
    await checkRouting(stack, usual)
    await checkDatabase(stack, usual)
    await check("says nothing more once all of it is mended", async () =>
      hold(await examine(stack), usual, []),
    )
  } finally {
    await stack.end()
  }
}

/** Throws at a finding that is not known to be true here: of a stack that nobody reaches by name, without mail. */
async function believe({ site }: Stack, findings: Finding[]) {
  const { address } = site
  const options = await docker("info", "--format", "{{json .SecurityOptions}}")
  const known: { of: Expected; isSo: () => Promise<boolean> | boolean }[] = [
    { of: ["backups", "warning", /No backups/], isSo: () => true },
    { of: ["recovery kit", "warning", /No recovery kit/], isSo: () => true },
    { of: ["alerts", "problem", /No dead-man's URL|Nobody is told/], isSo: () => true },
    { of: ["mail", "warning", /No mail is configured/], isSo: () => true },
    // The test's domains are nowhere in DNS; on a machine without a name server that cannot even be asked.
    { of: ["dns", "warning", /neither an A nor an AAAA/], isSo: () => true },
    { of: ["dns", "unknown", /could not be looked up/], isSo: () => true },
    { of: ["ports", "unknown", /this machine itself/], isSo: () => true },
    { of: ["ports", "problem", /:2377 is open/], isSo: () => isOpen(address, 2377) },
    { of: ["ports", "problem", /:7946 is open/], isSo: () => isOpen(address, 7946) },
    {
      of: ["hardening", "problem", /may gain privileges/],
      isSo: () => !options.includes("no-new-privileges"),
    },
  ]
  for (const finding of findings.filter((finding) => !ofTheMachine(finding))) {
    const fitting = known.find(
      ({ of: [check, level, sentence] }) =>
        finding.check === check && finding.level === level && sentence.test(finding.finding),
    )
    expect(fitting !== undefined && (await fitting.isSo()), `it says:\n${sentences([finding])}`)
  }
}

const isOpen = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port, timeout: 3000 })
    const settle = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once("connect", () => settle(true))
    socket.once("error", () => settle(false)).once("timeout", () => settle(false))
  })
