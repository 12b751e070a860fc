import { Refusal } from "../refusal.ts"
import type { Connection } from "./connection.ts"
import type { System } from "./step.ts"

/** The releases that are kept up by their distributions and have been thought of here. */
const KNOWN = ["debian 12", "debian 13", "ubuntu 22.04", "ubuntu 24.04", "ubuntu 26.04"]

/** What kind of host it is. Refuses (1) one that this is not made for, before anything is changed. */
export async function readSystem(host: Connection): Promise<System> {
  const said = await host.run(`
. /etc/os-release
echo "$ID" "$VERSION_ID"
echo "$VERSION_CODENAME"
dpkg --print-architecture
cat /proc/1/comm
systemd-detect-virt --container || true
sshd -T 2>/dev/null | sed -n 's/^port //p' | tr '\\n' ' '
`)
  const [release = "", codename = "", architecture = "", first, container, ports = ""] = said.split("\n")
  if (!KNOWN.includes(release))
    throw new Refusal(
      1,
      `${host.name} runs ${release}. This is made for ${KNOWN.join(", ")}: nothing is changed.`,
    )
  if (first !== "systemd")
    throw new Refusal(1, `${host.name} was not started by systemd but by ${first}: nothing is changed.`)
  return {
    distribution: release.startsWith("debian") ? "debian" : "ubuntu",
    codename,
    architecture,
    isContainer: container !== "none",
    sshPorts: ports.trim().split(" ").map(Number),
  }
}
