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
}

const PORTS = { directory: 14000, management: 15000 }

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
  }: { address: string; domains: string[]; folder: string; validitySeconds: number },
): Promise<Authority> {
  const endpoint = await makeCertificate(address)
  const endpointCa = join(folder, "endpoint-ca.pem")
  await Bun.write(endpointCa, endpoint.ca)
  await Bun.write(join(folder, "endpoint.pem"), endpoint.cert)
  await Bun.write(join(folder, "endpoint.key"), endpoint.key)
  await Bun.write(join(folder, "pebble.json"), JSON.stringify({ pebble: configuration(validitySeconds) }))
  const hosts = domains.flatMap((domain) => ["--add-host", `${domain}:${address}`])
  const ports = Object.values(PORTS).flatMap((port) => ["--publish", `${address}:${port}:${port}`])
  await docker("create", "--name", name, ...hosts, ...ports, image, "-config", "/pebble.json")
  for (const file of ["endpoint.pem", "endpoint.key", "pebble.json"])
    await docker("cp", join(folder, file), `${name}:/${file}`)
  await docker("start", name)
  const ask = async (path: string) => {
    const answer = await fetch(`https://${address}:${PORTS.management}${path}`, { tls: { ca: endpoint.ca } })
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
    directory: `https://${address}:${PORTS.directory}/dir`,
    endpointCa,
    roots: () => ask("/roots/0"),
  }
}

const configuration = (validityPeriod: number) => ({
  listenAddress: `0.0.0.0:${PORTS.directory}`,
  managementListenAddress: `0.0.0.0:${PORTS.management}`,
  certificate: "/endpoint.pem",
  privateKey: "/endpoint.key",
  httpPort: 80,
  tlsPort: 443,
  keyAlgorithm: "ecdsa",
  retryAfter: { authz: 1, order: 1 },
  // Of several it takes one at random where an order names none.
  profiles: { only: { description: `${validityPeriod} s`, validityPeriod } },
})
