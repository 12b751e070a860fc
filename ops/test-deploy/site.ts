import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { attempt, docker } from "../testing/engine.ts"
import type { Place } from "../testing/place.ts"
import { type Authority, startAuthority } from "./authority.ts"
import { buildServer, fetchImages, type Images } from "./images.ts"
import { removeLeftStacks } from "./remove-stack.ts"

/** Where the sections work: a Swarm, a registry, an ACME authority, and the server's image in the registry. */
export type Site = Place & {
  /** Where the Swarm's published ports are. */
  address: string
  /** The first is the page's, the second leads there. */
  domains: [string, string]
  images: Images
  /** The registry, as the engine names it. */
  registry: string
  /** The registry's container, for a section that takes it away for a while. */
  registryContainer: string
  /** The server's image as the Dockerfile builds it, by digest. */
  image: string
  authority: Authority
  /** The engine's socket, on the engine's machine. */
  socket: string
  /** Files that a process may hold open on this machine. */
  nofile: number
}

const DOMAINS: Site["domains"] = ["docket.example.org", "www.docket.example.org"]
/** Seconds: Let's Encrypt's 90 days. */
const USUAL_VALIDITY = 90 * 24 * 3600

/** What the stacks make begins with their own names, and not with the place's. */
export async function setUp(place: Place): Promise<Site> {
  const swarm = await joinSwarm()
  await removeLeftStacks()
  const address = process.env.TEST_ADDRESS ?? swarm
  const images = await fetchImages()
  const registryContainer = `${place.prefix}-registry`
  const registry = await startRegistry(registryContainer, images.registry, address)
  return {
    ...place,
    address,
    domains: DOMAINS,
    images,
    registry,
    registryContainer,
    image: await buildServer(registry, images.bun),
    authority: await authorityAt(
      { ...place, address, images },
      { validitySeconds: USUAL_VALIDITY, number: 0 },
    ),
    socket: process.env.DOCKER_HOST?.match(/^unix:\/\/(.+)$/)?.[1] ?? "/var/run/docker.sock",
    nofile: await mostFiles(images.bun),
  }
}

/** The same site with an authority of its own, whose certificates last for `validitySeconds`. */
export async function withAuthority(site: Site, validitySeconds: number): Promise<Site> {
  return { ...site, authority: await authorityAt(site, { validitySeconds, number: 1 }) }
}

async function authorityAt(
  { prefix, folder, address, images }: Pick<Site, keyof Place | "address" | "images">,
  { validitySeconds, number }: { validitySeconds: number; number: number },
): Promise<Authority> {
  const name = `authority-${number}`
  await mkdir(join(folder, name))
  return startAuthority(`${prefix}-${name}`, images.pebble, {
    address,
    domains: DOMAINS,
    folder: join(folder, name),
    validitySeconds,
    ports: { directory: 14_000 + number, management: 15_000 + number },
  })
}

/** The Swarm's address. An engine without one gets one. */
async function joinSwarm(): Promise<string> {
  const swarm = async () => JSON.parse(await docker("info", "--format", "{{json .Swarm}}"))
  if (!(await swarm()).ControlAvailable) {
    console.log("The engine is made a Swarm of one node; docker swarm leave --force undoes that.")
    await docker("swarm", "init", "--advertise-addr", "127.0.0.1")
  }
  return (await swarm()).NodeAddr
}

/** Published at loopback, where the engine needs no TLS, and at `address` for programs that run here. */
async function startRegistry(container: string, image: string, address: string): Promise<string> {
  const port = 20_000 + (process.pid % 10_000)
  const addresses = [...new Set(["127.0.0.1", address])]
  const publish = addresses.flatMap((at) => ["--publish", `${at}:${port}:5000`])
  await docker("run", "--detach", "--name", container, ...publish, image)
  return `127.0.0.1:${port}`
}

/** What the machine allows a container, where that is less than what the stack asks for by default. */
async function mostFiles(image: string): Promise<number> {
  const { stdout } = await attempt("run", "--rm", "--entrypoint", "sh", image, "-c", "ulimit -Hn")
  const allowed = Number(stdout)
  return Number.isInteger(allowed) && allowed < 65_536 ? allowed : 65_536
}
