import { Refusal } from "../refusal.ts"
import { fileChange } from "./changes.ts"
import type { Connection } from "./connection.ts"
import { firewallRules, markOf } from "./firewall-rules.ts"
import type { Change, Step } from "./step.ts"

const UNIT = "docket-firewall.service"
const UNIT_PATH = `/etc/systemd/system/${UNIT}`
const WANTED_PATH = `/etc/systemd/system/multi-user.target.wants/${UNIT}`
const RULES_PATH = { v4: "/etc/docket/firewall.v4", v6: "/etc/docket/firewall.v6" }
const COMMANDS = { v4: "iptables", v6: "ip6tables" }
const FAMILIES = ["v4", "v6"] as const

/**
 * Only SSH, HTTP and HTTPS come in, and between the Swarm's nodes what a Swarm needs. By the `iptables` that Docker
 * itself uses, whether its rules end in nftables or in the older tables.
 */
export const firewall: Step = {
  name: "firewall",
  changes: async (host, { sshPorts }, { peers }) => {
    await refuseOtherBackend(host)
    const texts = {
      v4: firewallRules("v4", { sshPorts, peers }),
      v6: firewallRules("v6", { sshPorts, peers }),
    }
    const loaded = (await Promise.all(FAMILIES.map((family) => isLoaded(host, family, texts[family])))).every(
      Boolean,
    )
    const files = [
      ...(await fileChange(host, RULES_PATH.v4, texts.v4, { mode: "600" })),
      ...(await fileChange(host, RULES_PATH.v6, texts.v6, { mode: "600" })),
      ...(await fileChange(host, UNIT_PATH, unit())),
    ]
    const enabled = (await host.run(`systemctl is-enabled ${UNIT} 2>/dev/null || true`)) === "enabled"
    if (files.length === 0 && loaded && enabled) return []
    const load: Change = {
      what: `closes every port but ${[...sshPorts, 80, 443].join(", ")}${peers.length > 0 ? `, and the Swarm's to ${peers.join(", ")}` : ""}`,
      script: `systemctl daemon-reload\nsystemctl enable ${UNIT} 2>/dev/null\nsystemctl restart ${UNIT}`,
    }
    return [...files, load]
  },
  proof: async (host, { sshPorts }, { peers }) => {
    for (const family of FAMILIES)
      if (!(await isLoaded(host, family, firewallRules(family, { sshPorts, peers }))))
        throw new Refusal(
          1,
          `The rules of /etc/docket/firewall.${family} are not loaded: systemctl status ${UNIT}`,
        )
    const jump = await host.run("iptables -w 10 -S FORWARD | grep -c -- '-j DOCKER-USER' || true")
    if (jump === "0")
      throw new Refusal(1, "Docker does not ask DOCKER-USER: restart it (systemctl restart docker).")
    const version = await host.run("iptables --version")
    return `in come ${[...sshPorts, 80, 443].join(", ")} alone, published ports too (${version})`
  },
  guarded: {
    paths: [RULES_PATH.v4, RULES_PATH.v6, UNIT_PATH, WANTED_PATH],
    undo: `if [ -f ${UNIT_PATH} ]; then systemctl --no-block restart ${UNIT}; else ${openScript()} fi`,
  },
}

/** The unit comes before Docker, so that no port is open for a moment at boot, and after what empties all tables. */
function unit(): string {
  const load = FAMILIES.flatMap((family) => [
    `ExecStart=/bin/sh -c '${COMMANDS[family]}-restore -w 10 --noflush < ${RULES_PATH[family]}'`,
    `ExecStart=/bin/sh -c '${COMMANDS[family]} -w 10 -C INPUT -j DOCKET-INPUT 2>/dev/null || ${COMMANDS[family]} -w 10 -I INPUT -j DOCKET-INPUT'`,
  ])
  return `[Unit]
Description=Docket's firewall: what may come in, to the host and to published ports
After=nftables.service ufw.service netfilter-persistent.service
Before=network-pre.target docker.service
Wants=network-pre.target
[Service]
Type=oneshot
RemainAfterExit=yes
${load.join("\n")}
[Install]
WantedBy=multi-user.target
`
}

/** Takes our rules out again, for a host that had none before. */
function openScript(): string {
  return Object.values(COMMANDS)
    .map(
      (command) =>
        `${command} -w 10 -D INPUT -j DOCKET-INPUT; ${command} -w 10 -F DOCKET-INPUT; ${command} -w 10 -X DOCKET-INPUT; ${command} -w 10 -F DOCKER-USER; ${command} -w 10 -A DOCKER-USER -j RETURN;`,
    )
    .join(" ")
}

/** Both chains end in our mark, hold as many rules as the file, and INPUT leads to ours before all others. */
async function isLoaded(host: Connection, family: keyof typeof COMMANDS, text: string): Promise<boolean> {
  const command = COMMANDS[family]
  const said = await host.run(`
command -v ${command} >/dev/null || exit 0
${command} -w 10 -S DOCKET-INPUT 2>/dev/null || true
${command} -w 10 -S DOCKER-USER 2>/dev/null || true
${command} -w 10 -S INPUT 1 2>/dev/null || true`)
  const loaded = said
    .split("\n")
    .filter((line) => line.startsWith("-A") && line !== "-A DOCKER-USER -j RETURN")
  const wanted = text.split("\n").filter((line) => line.startsWith("-A"))
  return (
    loaded.length === wanted.length + 1 &&
    loaded.filter((line) => line.includes(`"${markOf(text)}"`)).length === 2 &&
    loaded.at(-1) === "-A INPUT -j DOCKET-INPUT"
  )
}

/** Docker 29 can write nftables' rules itself; it then has no DOCKER-USER, and no Swarm. */
async function refuseOtherBackend(host: Connection) {
  const set = await host.run("grep -s firewall-backend /etc/docker/daemon.json || true")
  if (set.includes("nftables"))
    throw new Refusal(
      1,
      `${host.name}'s /etc/docker/daemon.json sets firewall-backend to nftables, with which Docker has no Swarm: take it out.`,
    )
}
