/**
 * The network that an address is counted by, in CIDR notation: an IPv4 address alone, since its neighbours are
 * strangers and many people may share it already; of IPv6 the /64 that a household or a host is given whole. `address`
 * is spelt canonically (server/caller-address.ts).
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return `${address}/32`
  const [before = "", after] = address.split("::")
  const head = before.split(":").filter(Boolean)
  const tail = after?.split(":").filter(Boolean) ?? []
  const zeros = Array<string>(8 - head.length - tail.length).fill("0")
  const groups = after === undefined ? head : [...head, ...zeros, ...tail]
  return `${groups.slice(0, 4).join(":")}::/64`
}
