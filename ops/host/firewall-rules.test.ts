import { expect, test } from "bun:test"
import { firewallRules, markOf } from "./firewall-rules.ts"

const alone = { sshPorts: [22], peers: [] }

test("the Swarm's ports are open to its nodes alone, each by its family", () => {
  const opening = { sshPorts: [22, 2222], peers: ["10.0.0.2", "fd00::2"] }
  const [v4, v6] = [firewallRules("v4", opening), firewallRules("v6", opening)]
  expect(v4).toContain("-A DOCKET-INPUT -p tcp -s 10.0.0.2 --dport 2377 -j ACCEPT")
  expect(v4).not.toContain("fd00::2")
  expect(v6).toContain("-A DOCKET-INPUT -p udp -s fd00::2 --dport 4789 -j ACCEPT")
  expect(v6).not.toContain("10.0.0.2")
  expect(v4).toContain("--dport 2222")
  for (const port of [2377, 7946, 4789]) expect(firewallRules("v4", alone)).not.toContain(`${port}`)
})

test("what is not let in ends in both chains", () => {
  for (const family of ["v4", "v6"] as const)
    for (const chain of ["DOCKER-USER", "DOCKET-INPUT"]) {
      const last = firewallRules(family, alone)
        .split("\n")
        .findLast((line) => line.startsWith(`-A ${chain}`))
      expect(last).toEndWith("-j DROP")
    }
})

test("other rules carry another mark, the same rules the same", () => {
  const mark = markOf(firewallRules("v4", alone))
  expect(markOf(firewallRules("v4", alone))).toBe(mark)
  expect(markOf(firewallRules("v4", { sshPorts: [2222], peers: [] }))).not.toBe(mark)
})
