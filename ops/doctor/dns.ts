import type { Resolver } from "node:dns/promises"
import { type Finding, ok, problem, unknown, warning } from "./finding.ts"

/** Names as DNS answers them; the tests' resolver asks a server of their own. */
export type Names = Pick<Resolver, "resolve4" | "resolve6" | "resolveTxt">

/** The addresses of `name`; none if it has none. Rejects if the name server does not answer. */
export async function addressesOf(names: Names, name: string): Promise<string[]> {
  const found = await Promise.all([
    names.resolve4(name).catch(noneIfAbsent),
    names.resolve6(name).catch(noneIfAbsent),
  ])
  return found.flat()
}

/** A name or a record that is not there is an answer; anything else is none. */
export function noneIfAbsent(error: unknown): never[] {
  const code = (error as { code?: string }).code?.replace(/^DNS_/, "")
  if (code === "ENOTFOUND" || code === "ENODATA") return []
  throw error
}

export type Host = {
  /** Where the host is, as far as the environment and its Swarm say; null if neither does. */
  addresses: string[] | null
  /** Whether the environment says to connect elsewhere than where DNS leads, as before a move. */
  overridden: boolean
}

/** Whether every address of every domain is the host's. */
export async function checkDns(names: Names, domains: string[], host: Host): Promise<Finding[]> {
  return Promise.all(domains.map((domain) => checkDomain(names, domain, host)))
}

async function checkDomain(names: Names, domain: string, { addresses, overridden }: Host): Promise<Finding> {
  let found: string[]
  try {
    found = await addressesOf(names, domain)
  } catch (error) {
    return unknown("dns", `${domain} could not be looked up: ${(error as Error).message}.`)
  }
  const fault = overridden ? warning : problem
  if (found.length === 0)
    return fault(
      "dns",
      `${domain} has neither an A nor an AAAA record, so nobody reaches it.`,
      `Add an A record for ${domain}${addresses ? ` with ${addresses[0]}` : ""} at your DNS provider.`,
    )
  if (!addresses) return ok("dns", `${domain} leads to ${found.join(", ")}.`)
  const strays = found.filter((address) => !addresses.includes(address))
  if (strays.length === 0) return ok("dns", `${domain} leads to ${found.join(", ")}, which is the host.`)
  if (addresses.every(isPrivate))
    return unknown(
      "dns",
      `${domain} leads to ${found.join(", ")}; whether that is the host cannot be told, since the Swarm knows only its private address ${addresses.join(", ")}.`,
    )
  return fault(
    "dns",
    `${domain} leads to ${strays.join(", ")}, and the host is ${addresses.join(", ")}: some people do not reach it, and its certificate cannot be renewed.`,
    `Point the records of ${domain} at the host, and remove those that lead elsewhere (a forgotten AAAA record, for one).`,
  )
}

/** Not routed on the internet: RFC 1918, 6598, 4193, loopback and link-local. */
export const isPrivate = (address: string) =>
  /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd]|fe[89ab])/i.test(
    address,
  )
