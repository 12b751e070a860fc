import { isIPv6 } from "node:net"

type Family = "v4" | "v6"
type Opening = { sshPorts: number[]; peers: string[] }

/** HTTP and HTTPS: Traefik's. */
const PUBLIC = [80, 443]
/** What a Swarm's nodes say to one another: management, gossip, and the overlay networks' VXLAN (moby, docs). */
const SWARM = { tcp: [2377, 7946], udp: [7946, 4789] }

/**
 * What `iptables-restore --noflush` (`ip6tables-restore` for v6) reads. Two chains:
 *
 * DOCKER-USER is what Docker asks before its own rules: a published port is rewritten before INPUT sees it, so that a
 * rule there, and with it ufw, never meets it. The port that was called is `--ctorigdstport`; the one seen here is the
 * container's. What comes from containers (bridges docker0, docker_gwbridge, br-…) passes.
 *
 * DOCKET-INPUT is for the host itself. The comment of each chain's end tells which rules are loaded.
 */
export function firewallRules(family: Family, opening: Opening): string {
  const bare = rules(family, opening, "")
  const mark = new Bun.CryptoHasher("sha256").update(bare).digest("hex").slice(0, 16)
  return rules(family, opening, mark)
}

/** What the last rules of both chains carry once `text` is loaded. */
export const markOf = (text: string) => /--comment "(docket [0-9a-f]+)"/.exec(text)![1]!

function rules(family: Family, { sshPorts, peers }: Opening, mark: string): string {
  const own = peers.filter((peer) => isIPv6(peer.replace(/\/\d+$/, "")) === (family === "v6"))
  const end = `-m comment --comment "docket ${mark}" -j DROP`
  const known = "-m conntrack --ctstate RELATED,ESTABLISHED"
  return `${[
    "*filter",
    ":DOCKER-USER - [0:0]",
    ":DOCKET-INPUT - [0:0]",
    "-A DOCKER-USER -i docker+ -j RETURN",
    "-A DOCKER-USER -i br-+ -j RETURN",
    `-A DOCKER-USER ${known} -j RETURN`,
    ...PUBLIC.map(
      (port) => `-A DOCKER-USER -p tcp -m conntrack --ctstate DNAT --ctorigdstport ${port} -j RETURN`,
    ),
    `-A DOCKER-USER ${end}`,
    "-A DOCKET-INPUT -i lo -j ACCEPT",
    `-A DOCKET-INPUT ${known} -j ACCEPT`,
    ...(family === "v4"
      ? ["-A DOCKET-INPUT -p icmp -j ACCEPT", "-A DOCKET-INPUT -p udp --sport 67 --dport 68 -j ACCEPT"]
      : [
          "-A DOCKET-INPUT -p ipv6-icmp -j ACCEPT",
          "-A DOCKET-INPUT -p udp -s fe80::/10 --dport 546 -j ACCEPT",
        ]),
    ...[...sshPorts, ...PUBLIC].map((port) => `-A DOCKET-INPUT -p tcp --dport ${port} -j ACCEPT`),
    ...own.flatMap((peer) => [
      ...SWARM.tcp.map((port) => `-A DOCKET-INPUT -p tcp -s ${peer} --dport ${port} -j ACCEPT`),
      ...SWARM.udp.map((port) => `-A DOCKET-INPUT -p udp -s ${peer} --dport ${port} -j ACCEPT`),
      // Overlay networks with `encrypted`.
      `-A DOCKET-INPUT -p esp -s ${peer} -j ACCEPT`,
    ]),
    `-A DOCKET-INPUT ${end}`,
    "COMMIT",
  ].join("\n")}\n`
}
