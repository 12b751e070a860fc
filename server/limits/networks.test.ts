import { expect, test } from "bun:test"
import { networkOf } from "./networks.ts"

test("an IPv4 address is a network of its own, an IPv6 address belongs to its /64", () => {
  for (const [address, network] of [
    ["192.0.2.7", "192.0.2.7/32"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::6", "2001:db8:1:2::/64"],
    ["2001:db8::6", "2001:db8:0:0::/64"],
    ["2001:db8:1::2:3:4:5", "2001:db8:1:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::", "fe80:0:0:0::/64"],
  ] as const)
    expect([address, networkOf(address)]).toEqual([address, network])
})
