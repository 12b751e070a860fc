import { createHash, timingSafeEqual } from "node:crypto"
import { BlockList, isIP, isIPv4 } from "node:net"
import type { Server } from "bun"
import { Elysia } from "elysia"
import type { Dependencies } from "./dependencies.ts"

/** Tells whether an address is one of the proxies whose word is taken. */
export type TrustedProxies = (address: string) => boolean

/** A request that came through no socket (the application called in-process) comes from this machine. */
const IN_PROCESS = "127.0.0.1"

/**
 * Puts the caller's `address` on the context of the routes of the instance that uses it.
 *
 * @example new Elysia().use(callerAddress(dependencies)).post("/", ({ address }) => …)
 */
export const callerAddress = ({ config }: Pick<Dependencies, "config">) => {
  const trusted = trustedProxies(config.trustedProxies)
  const vouchedAddress = secretProxy(config.proxySecret)
  return new Elysia({ name: "caller-address", seed: [config.trustedProxies, config.proxySecret] }).derive(
    { as: "scoped" },
    ({ request, server }) => ({
      address:
        vouchedAddress(request.headers) ??
        addressOf(socketAddress(request, server), request.headers.get("x-forwarded-for"), trusted),
    }),
  )
}

/**
 * What a request says of its caller when it carries `secret` in `X-Proxy-Secret`, as the rewrite on Vercel sets it;
 * else null. Vercel overwrites both headers of address with the caller's own (its request header reference), and what
 * stands between it and here can only have added to the end of `X-Forwarded-For`: so the first entry counts.
 */
export function secretProxy(secret: string | null): (headers: Headers) => string | null {
  if (secret === null) return () => null
  const expected = digest(secret)
  return (headers) => {
    const given = headers.get("x-proxy-secret")
    if (given === null || !timingSafeEqual(digest(given), expected)) return null
    const said = headers.get("x-vercel-forwarded-for") ?? headers.get("x-forwarded-for")
    return said === null ? null : canonicalAddress(said.split(",", 1)[0]!)
  }
}

/** Of one length whatever is sent, so that comparing takes one time. */
const digest = (text: string) => createHash("sha256").update(text).digest()

/** The address at the other end of the request's connection. */
export function socketAddress(request: Request, server: Server<unknown> | null): string {
  return canonicalAddress(server?.requestIP(request)?.address ?? IN_PROCESS) ?? IN_PROCESS
}

/**
 * Where a request comes from: the socket's address, or, when that is a trusted proxy, the last entry of
 * `X-Forwarded-For` that is not one. Entries further left are the caller's own word and count for nothing.
 */
export function addressOf(socket: string, forwardedFor: string | null, trusted: TrustedProxies): string {
  let address = socket
  if (!forwardedFor) return address
  const hops = forwardedFor.split(",")
  while (trusted(address)) {
    const hop = hops.pop()
    const next = hop === undefined ? null : canonicalAddress(hop)
    if (next === null) break
    address = next
  }
  return address
}

/** Reads addresses and CIDR ranges, IPv4 and IPv6. Throws a `RangeError` that names one that is neither. */
export function trustedProxies(ranges: string[]): TrustedProxies {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = "", prefix, ...rest] = range.split("/")
    const family = isIP(network) === 4 ? "ipv4" : "ipv6"
    const bits = family === "ipv4" ? 32 : 128
    const fault =
      isIP(network) === 0 || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))
    if (fault || Number(prefix ?? bits) > bits) {
      throw new RangeError(`${range} is neither an address nor a range such as 10.0.0.0/8`)
    }
    list.addSubnet(network, Number(prefix ?? bits), family)
  }
  return (address) => ranges.length > 0 && list.check(address, isIPv4(address) ? "ipv4" : "ipv6")
}

/**
 * One spelling for each address: no port, no zone, IPv4 written as IPv4 when it arrives mapped into IPv6
 * (RFC 4291, 2.5.5.2). Returns null for what is not an address.
 */
export function canonicalAddress(text: string): string | null {
  const bare = text
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
    .replace(/%.*$/, "")
  if (isIPv4(bare)) return bare
  if (isIP(bare) === 0) return null
  const address = new URL(`http://[${bare}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address)
  if (!mapped) return address
  const high = Number.parseInt(mapped[1]!, 16)
  const low = Number.parseInt(mapped[2]!, 16)
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}
