import type { Check, Finding, Level } from "../../doctor/finding.ts"
import type { Service, ServiceSpec } from "../../swarm/engine-types.ts"
import { replicasOf, updateService } from "../../swarm/rollout.ts"
import { expect } from "../../testing/check.ts"
import { ops } from "../operator.ts"
import type { Stack } from "../stack.ts"

/** What the doctor says, by its real command. */
export async function examine(stack: Stack, ...flags: string[]): Promise<Finding[]> {
  const { exitCode, said, told } = await ops("doctor", stack.environment.path, ...flags)
  const findings = said.findings as Finding[] | undefined
  expect(findings !== undefined, `it ended with ${exitCode}: ${said.message}\n${told}`)
  const isIll = findings.some(({ level }) => level === "problem")
  expect(exitCode === (isIll ? 1 : 0), `it ended with ${exitCode}`)
  return findings
}

export const sentences = (findings: Finding[]) =>
  findings.map(({ check, level, finding }) => `${level} ${check}: ${finding}`).join("\n")

export const notOk = (findings: Finding[]) => findings.filter(({ level }) => level !== "ok")

/** What a fault has to look like in the report. */
export type Expected = [check: Check, level: Level, sentence: RegExp]

/** How quick the database answers, and how full the disk is, is this machine's business, which does other things too. */
export const ofTheMachine = ({ check, finding }: Pick<Finding, "check" | "finding">) =>
  (check === "database" && finding.startsWith("One statement takes")) ||
  (check === "space" && finding.startsWith("Only "))

/** Throws unless each of `expected` is among `findings` with a cure, and nothing else is there that `usual` lacks. */
export function hold(findings: Finding[], usual: Finding[], expected: Expected[]) {
  for (const [check, level, sentence] of expected) {
    const found = findings.find(
      (finding) => finding.check === check && finding.level === level && sentence.test(finding.finding),
    )
    expect(found !== undefined, `${level} ${check} ${sentence} is not said:\n${sentences(notOk(findings))}`)
    expect(!!found.cure, `${check} has no cure`)
  }
  const others = notOk(findings).filter(
    ({ check, finding }) =>
      !ofTheMachine({ check, finding }) &&
      !usual.some((one) => one.check === check && one.finding === finding) &&
      !expected.some(([name]) => name === check),
  )
  expect(others.length === 0, `it also says:\n${sentences(others)}`)
}

/** Changes a service as somebody might by hand, and waits until only tasks of the change run. */
export async function spoil(stack: Stack, service: string, change: (spec: ServiceSpec) => ServiceSpec) {
  const name = `${stack.name}_${service}`
  const { before } = await updateService(stack.engine, name, change)
  await settle(stack, service)
  return before
}

async function settle(stack: Stack, service: string) {
  await Bun.sleep(2000)
  for (let tries = 0; ; tries++) {
    const { UpdateStatus, Spec } = await stack.engine.get<Service>(`/services/${stack.name}_${service}`)
    const tasks = (await stack.tasks(service)).filter(({ Status }) => Status.State === "running")
    const isDone = UpdateStatus?.State !== "updating" && tasks.length === replicasOf(Spec)
    if (isDone && tasks.every(({ DesiredState }) => DesiredState === "running")) return
    expect(tries < 300, `${service} does not settle: ${UpdateStatus?.State}, ${tasks.length} run`)
    await Bun.sleep(500)
  }
}
