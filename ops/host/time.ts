import { Refusal } from "../refusal.ts"
import { packageChange, unitChange } from "./changes.ts"
import type { Connection } from "./connection.ts"
import type { Step } from "./step.ts"

const CLOCKS = ["chrony", "ntpsec", "systemd-timesyncd"]

/** Certificates, tokens and the deploy lock all go by the clock. */
export const time: Step = {
  name: "time",
  changes: async (host, { isContainer }) => {
    if (isContainer) return []
    const clock = await installedClock(host)
    return clock
      ? unitChange(host, clock)
      : [
          ...(await packageChange(host, "systemd-timesyncd")),
          ...(await unitChange(host, "systemd-timesyncd")),
        ]
  },
  proof: async (host, { isContainer }) => {
    if (isContainer) return "a container keeps its host's clock"
    const clock = (await installedClock(host)) ?? "systemd-timesyncd"
    // It takes some seconds after its first start.
    const synchronised = await host.run(
      "for i in $(seq 30); do [ $(timedatectl show -P NTPSynchronized) = yes ] && break; sleep 1; done; timedatectl show -P NTPSynchronized",
    )
    if (synchronised !== "yes")
      throw new Refusal(
        1,
        `${clock} runs, but has not set the clock within 30 s: is UDP port 123 open on the way out?`,
      )
    return `${clock} keeps the clock`
  },
}

async function installedClock(host: Connection): Promise<string | undefined> {
  const enabled = await host.run(
    CLOCKS.map((unit) => `systemctl is-enabled ${unit} 2>/dev/null || echo no`).join("\n"),
  )
  const states = enabled.split("\n")
  return CLOCKS.find((_, position) => states[position] === "enabled")
}
