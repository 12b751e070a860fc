import { docker } from "../testing/engine.ts"

/** Runs a job of the Swarm to its end and returns what it printed. Throws with that when it fails or takes `seconds`. */
export async function runOnce(name: string, args: string[], seconds = 120): Promise<string> {
  await docker(
    "service",
    "create",
    "--detach",
    "--name",
    name,
    "--mode=replicated-job",
    "--restart-condition=none",
    ...args,
  )
  try {
    for (const limit = performance.now() + seconds * 1000; performance.now() < limit; await Bun.sleep(250)) {
      const state = await docker(
        "service",
        "ps",
        "--no-trunc",
        "--format",
        "{{.CurrentState}} {{.Error}}",
        name,
      )
      if (/^Complete/.test(state)) return await docker("service", "logs", "--raw", name)
      if (/^(Failed|Rejected)/.test(state))
        throw new Error(`${name}: ${state}\n${await docker("service", "logs", "--raw", name)}`)
    }
    throw new Error(`${name} is not done after ${seconds} s`)
  } finally {
    await docker("service", "rm", name)
  }
}
