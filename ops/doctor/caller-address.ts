import { BlockList, isIPv4 } from "node:net"
import { isPrivate } from "./dns.ts"
import { type Finding, ok, problem, warning } from "./finding.ts"

/** An address that the probe claims to come from, and does not: for documentation only (RFC 5737). */
export const CLAIMED = "192.0.2.77"

/**
 * Whether the server sees who calls: `seen` is where it says that a session began that was signed in from here, with
 * `CLAIMED` in the request's `X-Forwarded-For`. `networks` are those of the Swarm, in CIDR notation; `own` are this
 * machine's addresses.
 */
export function judgeCallerAddress(seen: string, networks: string[], own: string[]): Finding {
  if (seen === CLAIMED)
    return problem(
      "caller address",
      "The server believes what callers say of their own address, so limits by network are void.",
      "Let the proxy replace X-Forwarded-For (Traefik does unless forwardedHeaders.insecure is set), and name only proxies in TRUSTED_PROXIES.",
    )
  if (own.includes(seen))
    return ok("caller address", `The server sees where callers are: this one at ${seen}.`)
  if (networks.some((network) => contains(network, seen)))
    return problem(
      "caller address",
      `The server takes ${seen}, an address inside the Swarm, for everyone's: all people share one limit, and sessions show it.`,
      "Set TRUSTED_PROXIES to the networks that Traefik calls from, and publish its ports in mode host (the routing mesh hides callers).",
    )
  if (isPrivate(seen))
    return warning(
      "caller address",
      `The server sees this caller at ${seen}, which is neither this machine's address nor a public one.`,
      "If a proxy or load balancer stands before Traefik, let Traefik trust it (forwardedHeaders.trustedIPs) and name it in TRUSTED_PROXIES.",
    )
  return ok("caller address", `The server sees where callers are: this one at ${seen}.`)
}

function contains(network: string, address: string): boolean {
  const [base = "", bits] = network.split("/")
  if (isIPv4(base) !== isIPv4(address)) return false
  const list = new BlockList()
  const family = isIPv4(base) ? "ipv4" : "ipv6"
  list.addSubnet(base, Number(bits), family)
  return list.check(address, family)
}
