import type { Finding } from "../../doctor/finding.ts"
import type { ContainerSpec, ServiceSpec } from "../../swarm/engine-types.ts"
import { check } from "../../testing/check.ts"
import type { Stack } from "../stack.ts"
import { type Expected, examine, hold, spoil } from "./examine.ts"

/** A fault in one service, and what is to be said of it. */
export type Fault = {
  name: string
  service: string
  change: (spec: ServiceSpec) => ServiceSpec
  expected: Expected[]
}

/** Makes each fault, one after the other, from the same good state, and puts that back in the end. */
export async function checkFaults(stack: Stack, usual: Finding[], faults: Fault[]) {
  for (const { name, service, change, expected } of faults)
    await check(name, async () => {
      const before = await spoil(stack, service, (spec) => quickly(change(spec)))
      try {
        hold(await examine(stack), usual, expected)
      } finally {
        await spoil(stack, service, () => quickly(before))
        await spoil(stack, service, () => before)
      }
    })
}

/** The update's pauses are for production; its order and what happens when it fails stay. */
export const quickly = (spec: ServiceSpec): ServiceSpec => ({
  ...spec,
  UpdateConfig: { ...spec.UpdateConfig!, Delay: 0, Monitor: 1e9 },
})

export const withContainer =
  (change: (container: ContainerSpec) => ContainerSpec) =>
  (spec: ServiceSpec): ServiceSpec => ({
    ...spec,
    TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: change(spec.TaskTemplate.ContainerSpec) },
  })

export const withVariables = (variables: Record<string, string>) =>
  withContainer((container) => {
    const kept = (container.Env as string[]).filter((line) => !(line.split("=")[0]! in variables))
    return { ...container, Env: [...kept, ...Object.entries(variables).map((pair) => pair.join("="))] }
  })
