import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import { EngineError } from "./engine-api.ts"
import type { Image, Node, Service, Task } from "./engine-types.ts"

/** How many releases' images stay on every node, so that a rollback needs no registry. */
export const KEPT_RELEASES = 3

const SECONDS = { pull: 300, spread: 300 }
/** What the kernel calls an architecture, and what images call it. */
const ARCHITECTURES: Record<string, string> = { x86_64: "amd64", aarch64: "arm64", armv7l: "arm" }

/**
 * `repository@sha256:…` from a digest or a whole name with one. Refuses (2) anything else: a tag can mean another image
 * tomorrow, and the release that is recorded would not be the one that ran.
 */
export function imageByDigest({ image, name }: SwarmEnvironment, given: string): string {
  const [repository, digest] = given.includes("@") ? given.split("@", 2) : [image, given]
  if (!/^sha256:[0-9a-f]{64}$/.test(digest ?? ""))
    throw new Refusal(
      2,
      `"${given}" is not a digest. Give one as in sha256:${"0123456789abcdef".repeat(4)}: a tag may mean another image tomorrow.`,
    )
  if (repository !== image) throw new Refusal(2, `${given} is not of ${image}, which is what ${name} runs.`)
  return `${image}@${digest}`
}

/** The digest of `repository@sha256:…`, cut for people. */
export const short = (image: string) => image.replace(/^.*@?(sha256:[0-9a-f]{12})[0-9a-f]*$/, "$1")

/**
 * Has the engine fetch `image`, unless it has it, and returns what it is. Refuses when it can't be had (1) and when it
 * was built for another kind of processor than a node's (2).
 */
export async function fetchImage(engine: Engine, image: string): Promise<Image> {
  const there = await engine.find<Image>(`/images/${image}/json`)
  if (there) {
    await refuseArchitecture(engine, image, there)
    return there
  }
  const ran = await engine.docker(["pull", "--quiet", image], { seconds: SECONDS.pull })
  const fetched = ran.exitCode === 0 ? await engine.find<Image>(`/images/${image}/json`) : undefined
  if (!fetched)
    throw new Refusal(
      1,
      `The engine can't fetch ${image}: ${ran.stderr || "it is not there afterwards"}. Nothing was changed.`,
    )
  try {
    await refuseArchitecture(engine, image, fetched)
  } catch (error) {
    await removeImage(engine, image)
    throw error
  }
  return fetched
}

/** Version and commit, as the build labelled them. */
export function labelsOf({ Config }: Image): { version: string; commit: string } {
  const label = (name: string) => Config?.Labels?.[`org.opencontainers.image.${name}`] ?? "unknown"
  return { version: label("version"), commit: label("revision") }
}

/** The newest migration that the image ships; nothing where its label does not say. */
export function schemaOf({ Config }: Image): number | undefined {
  const label = Config?.Labels?.["org.docket.schema"]
  return label === undefined ? undefined : Number(label)
}

/** The numbers of its migrations that take something away; undefined where the build does not say. */
export function destructiveOf({ Config }: Image): number[] | undefined {
  const label = Config?.Labels?.["org.docket.destructive"]
  return label?.split(",").filter(Boolean).map(Number)
}

async function refuseArchitecture(engine: Engine, image: string, { Os, Architecture }: Image) {
  const nodes = await engine.list<Node>("/nodes")
  for (const { Description, Status } of nodes) {
    if (Status.State !== "ready") continue
    const { OS, Architecture: kernel } = Description.Platform
    const wanted = ARCHITECTURES[kernel] ?? kernel
    if (Os === OS && Architecture === wanted) continue
    throw new Refusal(
      2,
      `${image} was built for ${Os}/${Architecture}, and the node ${Description.Hostname} is ${OS}/${wanted}. Nothing was changed.`,
    )
  }
}

const KEEPS = "docket.keeps"
const keeperName = (stack: string, image: string) =>
  `${stack}_keep_${image.split("@sha256:")[1]!.slice(0, 12)}`

/**
 * Brings `image` to every node of the Swarm and holds it there, by a service that runs one sleeping container of it on
 * each. An image in use is removed by no `prune`, a node that joins later fetches it by itself, and a node that can't
 * have it is named here, before anything is changed (1). Costs a process of under 1 MB and its shim per node.
 */
export async function keepEverywhere(engine: Engine, stack: string, image: string): Promise<void> {
  const name = keeperName(stack, image)
  if (!(await engine.find(`/services/${name}`))) await createKeeper(engine, stack, image, name)
  const deadline = Date.now() + SECONDS.spread * 1000
  for (;;) {
    const tasks = await engine.list<Task>("/tasks", { service: [name], "desired-state": ["running"] })
    const nodes = (await engine.list<Node>("/nodes")).filter(
      ({ Spec, Status }) => Spec.Availability === "active" && Status.State === "ready",
    )
    const without = nodes.filter(
      (node) => !tasks.some(({ NodeID, Status }) => NodeID === node.ID && Status.State === "running"),
    )
    if (without.length === 0) return
    const failed = await engine.list<Task>("/tasks", { service: [name] })
    const reason = failed.find(({ Status }) => Status.Err)?.Status.Err
    if (Date.now() > deadline || (reason && failed.length > nodes.length + 2))
      throw new Refusal(
        1,
        `${image} can't be had on ${without.map(({ Description }) => Description.Hostname).join(", ")}: ${reason ?? `not within ${SECONDS.spread} s`}.`,
      )
    await Bun.sleep(500)
  }
}

/** The images that are held on every node. */
export async function keptImages(engine: Engine, stack: string): Promise<string[]> {
  const keepers = await engine.list<Service>("/services", { label: [`docket.stack=${stack}`, KEEPS] })
  return keepers.map(({ Spec }) => Spec.Labels[KEEPS]!)
}

/** Lets go of every held image but `images`, and removes those from this node; others do with their next prune. */
export async function keepOnly(engine: Engine, stack: string, images: string[]): Promise<void> {
  for (const image of await keptImages(engine, stack)) {
    if (images.includes(image)) continue
    await engine.delete(`/services/${keeperName(stack, image)}`)
    await removeImage(engine, image)
  }
}

async function createKeeper(engine: Engine, stack: string, image: string, name: string) {
  const flags = [
    "--detach",
    "--mode=global",
    `--name=${name}`,
    `--label=docket.stack=${stack}`,
    `--label=${KEEPS}=${image}`,
    "--no-healthcheck",
    "--no-resolve-image",
    "--with-registry-auth",
    "--read-only",
    "--cap-drop=ALL",
    "--user=65534:65534",
    "--limit-memory=16M",
    "--limit-pids=8",
    "--stop-grace-period=1s",
    "--restart-delay=5s",
    "--log-driver=none",
  ]
  // By the command and not the API, because the command knows the registry's credentials.
  const ran = await engine.docker(["service", "create", ...flags, "--entrypoint=sleep", image, "infinity"])
  if (ran.exitCode !== 0) throw new Refusal(1, `${image} can't be held on the nodes: ${ran.stderr}`)
}

/** An image that something still uses stays; its last container may take a moment to go. */
async function removeImage(engine: Engine, image: string) {
  for (let tries = 0; tries < 5; tries++) {
    try {
      return await engine.delete(`/images/${image}`)
    } catch (error) {
      if (!(error instanceof EngineError && error.status === 409)) throw error
      // Of a task that has ended: it goes when the Swarm forgets the task.
      if (/stopped container/.test(error.message)) return
      await Bun.sleep(1000)
    }
  }
}
