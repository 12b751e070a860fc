import { Refusal } from "../refusal.ts"
import { fileChange } from "./changes.ts"
import type { Step } from "./step.ts"

/** sshd takes the first value it reads, so that this one stands before a provider's own (50-cloud-init.conf). */
const PATH = "/etc/ssh/sshd_config.d/00-docket.conf"
const RULES = {
  passwordauthentication: "no",
  kbdinteractiveauthentication: "no",
  permitemptypasswords: "no",
  permitrootlogin: "prohibit-password",
  x11forwarding: "no",
  maxauthtries: "4",
  logingracetime: "30",
}

/** SSH by key alone, for everyone. */
export const sshd: Step = {
  name: "ssh",
  changes: async (host) => {
    const content = `${Object.entries(RULES)
      .map(([name, value]) => `${name} ${value}`)
      .join("\n")}\n`
    const changes = await fileChange(host, PATH, content)
    return changes.map(({ what, script }) => ({
      what: `${what}: keys only, no password, also for root`,
      script: `${script}\nsshd -t\nsystemctl reload ssh`,
    }))
  },
  proof: async (host) => {
    const effective = (await host.run("sshd -T")).split("\n")
    // "prohibit-password" is shown by its older name.
    const shown = (name: string, value: string) => [
      `${name} ${value}`,
      `${name} ${value.replace("prohibit", "without")}`,
    ]
    const wrong = Object.entries(RULES).filter(
      ([name, value]) => !shown(name, value).some((line) => effective.includes(line)),
    )
    if (wrong.length > 0)
      throw new Refusal(
        1,
        `sshd does not go by ${PATH} in ${wrong.map(([name]) => name).join(", ")}: does sshd_config include that folder first?`,
      )
    return "keys only, no password, also for root"
  },
  guarded: { paths: [PATH], undo: "systemctl --no-block reload ssh" },
}
