import type { Engine } from "../swarm/engine.ts"
import type { Config } from "../swarm/engine-types.ts"
import type { Choice } from "./choose.ts"
import type { Recovered } from "./restore-volume.ts"
import { type Target, targetText } from "./target.ts"

/** A restore that has begun: in the Swarm, so that whoever comes next goes on with it, or clears it away. */
export type RestoreRecord = {
  volume: string
  target: string
  /** What recovery came to; nothing before it has. */
  recovered?: Recovered | undefined
}

const nameOf = (stack: string) => `${stack}_restore`

export async function findRestore(engine: Engine, stack: string): Promise<RestoreRecord | undefined> {
  const found = await engine.find<Config>(`/configs/${nameOf(stack)}`)
  if (!found) return
  const { Labels } = found.Spec
  const recovered = Labels["docket.recovered"]
  return {
    volume: Labels["docket.volume"]!,
    target: Labels["docket.target"]!,
    recovered: recovered ? (JSON.parse(recovered) as Recovered) : undefined,
  }
}

/** Takes the place of the one before, if there is one. */
export async function recordRestore(engine: Engine, stack: string, record: RestoreRecord): Promise<void> {
  await forgetRestore(engine, stack)
  await engine.post("/configs/create", {
    Name: nameOf(stack),
    Labels: {
      "docket.stack": stack,
      "docket.volume": record.volume,
      "docket.target": record.target,
      ...(record.recovered && { "docket.recovered": JSON.stringify(record.recovered) }),
    },
    Data: Buffer.from("Its labels say what is being restored.\n").toString("base64"),
  })
}

export const forgetRestore = (engine: Engine, stack: string) => engine.delete(`/configs/${nameOf(stack)}`)

/**
 * What makes two restores the same one: the latest is another with every minute, and so is a moment of which the archive
 * has a newer backup.
 */
export const sameTarget = (target: Target, { backup, timeline }: Choice) =>
  target.kind === "latest"
    ? `latest at ${target.at.toISOString()}`
    : `${targetText(target)} from ${backup.label} on ${timeline}`
