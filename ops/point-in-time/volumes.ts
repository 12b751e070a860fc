import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "../swarm/change.ts"
import { volumeLabel } from "../swarm/database-volume.ts"
import type { Node, Task } from "../swarm/engine-types.ts"
import { runOneShot } from "../swarm/one-shot.ts"
import { removeService } from "../swarm/removal.ts"
import { isRunning } from "../swarm/rollout.ts"
import type { CurrentSecrets } from "../swarm/secrets.ts"
import { composeStack, deployStack, engineFacts } from "../swarm/stack.ts"
import { withTools } from "../swarm/tools-image.ts"
import { besideService } from "./beside.ts"
import { DATA, onDatabaseNode } from "./restore-volume.ts"

const SECONDS = { switch: 300, empty: 600 }

/**
 * Puts the database in `volume` in the place of the stack's: one is stopped in order, then the other started, which archives
 * from then on. The volume before is left as it is. Throws a `Refusal` (5) when it does not come up.
 */
export async function switchTo(
  { engine, environment, stack, signal }: Change,
  secrets: CurrentSecrets,
  { volume, image }: { volume: string; image: string },
): Promise<void> {
  await removeService(engine, besideService(stack), { holdsVolume: true })
  signal.throwIfAborted()
  await labelVolume({ engine, stack }, volume)
  const composed = await composeStack(
    await withTools(engine, environment, image),
    image,
    secrets,
    await engineFacts(engine.printed),
  )
  await deployStack(engine.printed, stack, composed)
  for (const until = Date.now() + SECONDS.switch * 1000; Date.now() < until; await Bun.sleep(500)) {
    const service = await engine.get<{ ID: string }>(`/services/${stack}_database`)
    const tasks = await engine.list<Task>("/tasks", { service: [service.ID] })
    if (tasks.filter(isRunning).some((task) => mountsOf(task).includes(volume))) return
  }
  throw new Refusal(
    5,
    `The database does not come up on ${volume}: bun run ops logs ${environment.name} --service database says why. To go back: docker node update --label-add ${volumeLabel(stack)}=VOLUME NODE with the volume before, and deploy.`,
  )
}

const mountsOf = ({ Spec: { ContainerSpec } }: Task) =>
  ((ContainerSpec as { Mounts?: { Source?: string }[] }).Mounts ?? []).map(({ Source }) => Source)

async function labelVolume({ engine, stack }: Pick<Change, "engine" | "stack">, volume: string) {
  const nodes = await engine.list<Node & { ID: string; Version: { Index: number } }>("/nodes")
  const node = nodes.find(({ Spec }) => Spec.Labels[`${stack}.database`] === "true")
  if (!node) throw new Refusal(3, `No node has the label ${stack}.database: deploy first.`)
  await engine.post(
    `/nodes/${node.ID}/update`,
    { ...node.Spec, Labels: { ...node.Spec.Labels, [volumeLabel(stack)]: volume } },
    { version: String(node.Version.Index) },
  )
}

/** Takes away what a restore that came to nothing has made. The volume is emptied where it is, which may be another node. */
export async function clearAway({ engine, environment, stack }: Change, volume: string): Promise<void> {
  for (const service of [besideService(stack), `${stack}_restore`, `${stack}_settle`])
    await removeService(engine, service, { holdsVolume: true })
  await runOneShot(engine, {
    name: `${stack}_empty-volume`,
    stack,
    image: environment.archive!.image,
    user: "postgres",
    command: ["find", DATA, "-mindepth", "1", "-delete"],
    volume: { name: volume, target: DATA },
    constraints: onDatabaseNode(stack),
    seconds: SECONDS.empty,
  })
  // Its containers go a moment after their tasks.
  for (let tries = 0; tries < 20; tries++) {
    const gone = await engine.delete(`/volumes/${volume}`).then(
      () => true,
      () => false,
    )
    if (gone) return
    await Bun.sleep(500)
  }
  say(`The volume ${volume} is empty, and stays: docker volume rm ${volume} on its node.`)
}
