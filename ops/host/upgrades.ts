import { Refusal } from "../refusal.ts"
import { fileChange, packageChange, unitChange } from "./changes.ts"
import type { Step } from "./step.ts"

const PERIODIC = `APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT::Periodic::AutocleanInterval "7";
`

/** Docker's upgrade restarts every container of the host: a person does it, when it suits. So is a restart. */
const OURS = `Unattended-Upgrade::Package-Blacklist { "^docker"; "^containerd"; "^runc"; };
Unattended-Upgrade::Automatic-Reboot "false";
Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";
`

/** Security updates come by themselves. */
export const upgrades: Step = {
  name: "upgrades",
  changes: async (host) => [
    ...(await packageChange(host, "unattended-upgrades")),
    ...(await fileChange(host, "/etc/apt/apt.conf.d/20auto-upgrades", PERIODIC)),
    ...(await fileChange(host, "/etc/apt/apt.conf.d/60docket-upgrades", OURS)),
    ...(await unitChange(host, "apt-daily.timer")),
    ...(await unitChange(host, "apt-daily-upgrade.timer")),
  ],
  proof: async (host) => {
    const effective = await host.run("apt-config shell ON APT::Periodic::Unattended-Upgrade")
    if (effective !== "ON='1'")
      throw new Refusal(1, `Upgrades are still off: a later file in /etc/apt/apt.conf.d says ${effective}.`)
    const next = await host.run("systemctl show apt-daily-upgrade.timer -P ActiveState")
    return `security updates are installed every day (timer ${next}), Docker's by hand`
  },
}
