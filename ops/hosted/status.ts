import type { HostedEnvironment } from "../environments/hosted.ts"
import { type HostedOptions, releasesHosted } from "./deploy.ts"
import { addressOfSpace, HUB, type Running, running, stageOf } from "./running.ts"
import type { HostedRelease } from "./space.ts"

export type HostedStatus = {
  /** What Hugging Face says: `RUNNING`, `BUILDING`, `SLEEPING`, …; null when it does not say. */
  stage: string | null
  /** What answers there; null when nothing does. */
  running: Running | null
  release: HostedRelease | null
}

/** What a hosted environment is at. */
export async function statusHosted(
  environment: HostedEnvironment,
  outside: HostedOptions["outside"] = {},
): Promise<HostedStatus> {
  const token = outside.token ?? process.env.HF_TOKEN ?? null
  const [stage, now, releases] = await Promise.all([
    stageOf(environment.space, token, outside.hub ?? HUB),
    running(outside.api ?? addressOfSpace(environment.space)),
    releasesHosted(environment, outside),
  ])
  return { stage, running: now, release: releases.at(-1) ?? null }
}
