import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { generateX25519Identity, identityToRecipient } from "age-encryption"
import { buildTools, fetchImages } from "../../test-deploy/images.ts"
import { removeLeftStacks } from "../../test-deploy/remove-stack.ts"
import { type Site as DeploySite, setUp } from "../../test-deploy/site.ts"
import { attempt, docker, fetchImage, removeAll } from "../../testing/engine.ts"
import type { Place } from "../../testing/place.ts"
import {
  allow,
  makeIdentity,
  type S3Identity,
  startStorage,
  type TestStorage,
} from "../../testing/storage.ts"
import { until } from "../../testing/until.ts"

/** Two hosts: one that is lost, and one that is empty but for the world outside (registry, authority, storage). */
export type Site = {
  /** The host with the service, as `docker` finds it, and the one that takes its place. */
  lost: Host
  next: Host
  storage: TestStorage
  identities: { writer: S3Identity; verifier: S3Identity }
  /** What opens backups, and its public half. */
  key: { identity: string; recipient: string }
  /** The tools image by digest. */
  tools: string
}
export type Host = { engine: string; site: DeploySite }

export const BUCKET = "backups"
/** Of the containers on the host that is lost. */
const FIRST = "docket-test-lost-"

/** A sentence when there are not two engines. */
export function missingHosts(): string | undefined {
  const { DOCKER_HOST, SECOND_DOCKER_HOST } = process.env
  if (DOCKER_HOST && SECOND_DOCKER_HOST && DOCKER_HOST !== SECOND_DOCKER_HOST) return undefined
  return "It wants two engines that reach each other: DOCKER_HOST, which is lost, and SECOND_DOCKER_HOST."
}

/** Lets every `docker` from now on, our own and a command's, be that host's. */
export const turnTo = ({ engine }: Pick<Host, "engine">) => {
  process.env.DOCKER_HOST = engine
}

export async function setUpHosts(
  place: Place,
  { lost, next }: { lost: string; next: string },
): Promise<Site> {
  turnTo({ engine: next })
  // What it wants of its own begins as everything of a run of test:deploy.
  const outside = await setUp({ ...place, folder: await newFolder(place, "outside") })
  const image = process.env.S3_IMAGE ?? "versity/versitygw:latest"
  await fetchImage(image)
  const { address } = outside
  const storage = await startStorage(`${place.prefix}-s3`, { image, address, buckets: [BUCKET] })
  const writer = await makeIdentity(storage, "tests-writer")
  const verifier = await makeIdentity(storage, "tests-verifier")
  await allow(storage, BUCKET, [
    { who: writer, actions: ["s3:PutObject"] },
    { who: verifier, actions: ["s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:DeleteObject"] },
  ])
  const tools = await buildTools(outside.registry, outside.images)
  // It has to fetch what it runs, as an empty host does.
  await forget([outside.image, tools])
  const identity = await generateX25519Identity()
  return {
    lost: { engine: lost, site: await firstHost(lost, outside) },
    next: { engine: next, site: outside },
    storage,
    identities: { writer, verifier },
    key: { identity, recipient: await identityToRecipient(identity) },
    tools,
  }
}

async function newFolder({ folder }: Place, name: string): Promise<string> {
  await mkdir(join(folder, name))
  return join(folder, name)
}

/** The same world, seen from the host that will be lost: its registry is the other's, at the same name. */
async function firstHost(engine: string, outside: DeploySite): Promise<DeploySite> {
  turnTo({ engine })
  await removeLeftStacks()
  await removeAll(FIRST)
  await fetchImages()
  const address = await docker("info", "--format", "{{.Swarm.NodeAddr}}")
  const port = outside.registry.split(":")[1]!
  await docker(
    ...[
      "run",
      "--detach",
      "--name",
      `${FIRST}registry`,
      "--network",
      "host",
      "--entrypoint",
      "bun",
      outside.images.bun,
    ],
    ...["-e", FORWARDER, port, outside.address],
  )
  return { ...outside, address, socket: new URL(engine).pathname }
}

const FORWARDER = `const [port, address] = process.argv.slice(1), net = require("net")
net.createServer((near) => {
  const far = net.connect(port, address)
  near.pipe(far).pipe(near)
  for (const end of [near, far]) end.on("error", () => { near.destroy(); far.destroy() })
}).listen(port, "127.0.0.1")`

async function forget(images: string[]) {
  for (const image of images) {
    const tags = [image, image.replace(/@.*/, ":built")]
    for (const name of tags) await attempt("image", "rm", "--force", name)
  }
}

/** The bucket by its owner's rights: for looking. */
export const bucketSettings = ({ storage }: Site) => ({
  endpoint: storage.url,
  bucket: BUCKET,
  region: "us-east-1",
  prefix: "",
  ...storage.owner,
})

/** Everything of the host goes: services, containers, volumes, and the Swarm with its secrets. */
export async function loseHost({ lost }: Site) {
  turnTo(lost)
  await docker("swarm", "leave", "--force")
  // The engine removes tasks of its own too, and refuses to remove one twice.
  await until("a host with nothing on it", async () => {
    const containers = await docker("ps", "--all", "--quiet")
    if (containers) await attempt("rm", "--force", "--volumes", ...containers.split("\n"))
    const volumes = await docker("volume", "ls", "--quiet")
    if (volumes) await attempt("volume", "rm", "--force", ...volumes.split("\n"))
    return !containers && !volumes
  })
}

/** The lost host is a Swarm again, and empty; the other one has nothing of the stack. */
export async function tidyHosts({ lost, next }: Site) {
  turnTo(lost)
  const { LocalNodeState } = JSON.parse(await docker("info", "--format", "{{json .Swarm}}"))
  if (LocalNodeState === "active") await removeLeftStacks()
  else await docker("swarm", "init", "--advertise-addr", lost.site.address)
  await removeAll(FIRST)
  turnTo(next)
  await removeLeftStacks()
}

/** For a file that a command reads a secret from. */
export async function written({ lost }: Site, name: string, text: string): Promise<string> {
  const path = join(lost.site.folder, name)
  await Bun.write(path, text)
  return path
}
