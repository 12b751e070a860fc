import { join } from "node:path"
import { makeCertificate } from "../../server/testing/certificate.ts"
import { docker } from "../testing/engine.ts"

/** An ACME authority (Pebble) that the engine's containers reach, and which looks challenges up at the engine. */
export type Authority = {
  /** Its directory, for Traefik. */
  directory: string
  /** PEM file of the authority that its own endpoint is verified by. */
  endpointCa: string
  /** The authorities that its certificates are verified by, in PEM. */
  roots: () => Promise<string>
  /** Has its domains lead to another address from now on, as DNS would. */
  lead: (address: string) => Promise<void>
}

/**
 * Starts Pebble as the container `name`, published at `address`. `domains` lead to `address` for it, as DNS would.
 * `validitySeconds` is how long its certificates last. It writes into `folder`.
 */
export async function startAuthority(
  name: string,
  image: string,
  {
    address,
    domains,
    folder,
    validitySeconds,
    ports,
  }: {
    address: string
    domains: string[]
    folder: string
    validitySeconds: number
    ports: { directory: number; management: number }
  },
): Promise<Authority> {
  const endpoint = await makeCertificate(address)
  const endpointCa = join(folder, "endpoint-ca.pem")
  await Bun.write(endpointCa, endpoint.ca)
  await Bun.write(join(folder, "endpoint.pem"), endpoint.cert)
  await Bun.write(join(folder, "endpoint.key"), endpoint.key)
  await Bun.write(
    join(folder, "pebble.json"),
    JSON.stringify({ pebble: configuration(validitySeconds, ports) }),
  )
  const hosts = domains.flatMap((domain) => ["--add-host", `${domain}:${address}`])
  const publish = Object.values(ports).flatMap((port) => ["--publish", `${address}:${port}:${port}`])
  await docker("create", "--name", name, ...hosts, ...publish, image, "-config", "/pebble.json")
  for (const file of ["endpoint.pem", "endpoint.key", "pebble.json"])
    await docker("cp", join(folder, file), `${name}:/${file}`)
  await docker("start", name)
  const ask = async (path: string) => {
    const answer = await fetch(`https://${address}:${ports.management}${path}`, { tls: { ca: endpoint.ca } })
    if (!answer.ok) throw new Error(`Pebble answers ${answer.status} at ${path}`)
    return answer.text()
  }
  for (let tries = 0; ; tries++) {
    try {
      await ask("/roots/0")
      break
    } catch (error) {
      if (tries > 40) throw error
      await Bun.sleep(250)
    }
  }
  return {
    directory: `https://${address}:${ports.directory}/dir`,
    endpointCa,
    roots: () => ask("/roots/0"),
    lead: async (elsewhere) => {
      const lines = ["127.0.0.1 localhost", ...domains.map((domain) => `${elsewhere} ${domain}`)]
      await docker("exec", "--user=0", name, "sh", "-c", `printf '%s\\n' "$@" > /etc/hosts`, "-", ...lines)
      // Go's resolver looks at the file again after five seconds.
      await Bun.sleep(6_000)
    },
  }
}

const configuration = (validityPeriod: number, ports: { directory: number; management: number }) => ({
  listenAddress: `0.0.0.0:${ports.directory}`,
  managementListenAddress: `0.0.0.0:${ports.management}`,
  certificate: "/endpoint.pem",
  privateKey: "/endpoint.key",
  httpPort: 80,
  tlsPort: 443,
  keyAlgorithm: "ecdsa",
  retryAfter: { authz: 1, order: 1 },
  // Of several it takes one at random where an order names none.
  profiles: { only: { description: `${validityPeriod} s`, validityPeriod } },
})
