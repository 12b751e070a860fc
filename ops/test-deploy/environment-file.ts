import { join } from "node:path"
import { TEST_STACK } from "./remove-stack.ts"
import type { Site } from "./site.ts"

/** Writes the environment `name` as an operator would, for the site's engine, and returns the file's path. */
export async function writeEnvironment(
  site: Site,
  name: string,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const roots = join(site.folder, "roots.pem")
  await Bun.write(roots, await site.authority.roots())
  const path = join(site.folder, `${name}.toml`)
  const environment = {
    kind: "swarm",
    stack: `${TEST_STACK}${name}`,
    image: site.image.split("@")[0],
    domains: site.domains,
    acme_email: "operator@example.org",
    replicas: 2,
    nofile: site.nofile,
    docker_socket: site.socket,
    acme: { directory: site.authority.directory, ca: site.authority.endpointCa },
    images: { traefik: site.images.traefik, postgres: site.images.postgres, haproxy: site.images.haproxy },
    cosign: { unsigned: true },
    smoke: { address: `${site.address}:443`, http_address: `${site.address}:80`, ca: roots },
    ...fields,
  }
  const lines = Object.entries(environment)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} = ${toml(value)}\n`)
  await Bun.write(path, lines.join(""))
  return path
}

/** Texts, numbers and lists are written as in JSON (TOML 1.0, "Basic strings"). */
function toml(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)} = ${toml(member)}`)
  return `{ ${members.join(", ")} }`
}
