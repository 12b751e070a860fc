import { listReleases, type ReleaseRecord } from "../swarm/release-records.ts"
import type { Stack } from "./stack.ts"

/** The newest release on record. */
export async function lastRelease({ engine, name }: Stack): Promise<ReleaseRecord> {
  return (await listReleases(engine, name)).at(-1)!
}

/** Waits until a deploy runs its migrations. */
export const untilMigrating = (stack: Stack) =>
  until(stack, "migrating", async ({ outcome, phase }) => outcome === "under way" && phase === "migrating")

/** Waits until the Swarm has been told to run `image`. */
export const untilRolling = (stack: Stack, image: string) =>
  until(stack, "rolling", async ({ outcome, phase }) => {
    if (outcome !== "under way" || phase !== "rolling") return false
    return (await stack.service("server")).Spec.TaskTemplate.ContainerSpec.Image === image
  })

async function until(stack: Stack, what: string, holds: (release: ReleaseRecord) => Promise<boolean>) {
  for (const limit = performance.now() + 150_000; performance.now() < limit; await Bun.sleep(200))
    if (await holds(await lastRelease(stack))) return
  throw new Error(`No deploy comes to be ${what}; the last is ${JSON.stringify(await lastRelease(stack))}`)
}
