import { Refusal } from "../refusal.ts"
import { removeService } from "../swarm/removal.ts"
import { isRunning } from "../swarm/rollout.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { until } from "../testing/until.ts"
import type { Stack } from "./stack.ts"

/** What does not stop is named, and nothing goes on as if it had. */
export async function checkRemoval({ engine, name: stack, site }: Stack) {
  const name = `${stack}_stubborn`
  const start = async (command: string) => {
    const flags = ["--detach", "--quiet", "--name", name, "--label", `docket.stack=${stack}`]
    const image = [...flags, "--stop-grace-period=60s", "--no-resolve-image", site.images.bun]
    await docker("service", "create", ...image, "sh", "-c", command)
    await until("it runs", async () => (await running()).length === 1, 30)
    return (await running())[0]!.Status.ContainerStatus!.ContainerID
  }
  const running = async () =>
    (await engine.list<Parameters<typeof isRunning>[0]>("/tasks", { service: [name] })).filter(isRunning)
  await check("a service that ends when it is told to is removed, and waited for", async () => {
    const container = await start("trap 'sleep 2; exit 0' TERM; while true; do sleep 0.2; done")
    await removeService(engine, name, { seconds: 30, holdsVolume: true })
    const left = await docker("ps", "--quiet", "--no-trunc", "--filter", `id=${container}`)
    expect(left === "", "it still runs")
  })
  await check("one that does not end is refused, and goes on until somebody ends it", async () => {
    const container = await start("trap '' TERM; while true; do sleep 0.2; done")
    const refusal = await removeService(engine, name, { seconds: 4, holdsVolume: true }).catch(
      (error: Error) => error,
    )
    expect(refusal instanceof Refusal && refusal.code === 1, `${refusal}`)
    expect(/still runs after 4 s on .* \(ready\)/.test((refusal as Refusal).message), `${refusal}`)
    const left = await docker("ps", "--quiet", "--no-trunc", "--filter", `id=${container}`)
    expect(left === container, "it was ended all the same")
    await docker("kill", container)
    return (refusal as Refusal).message
  })
}
