import { Refusal } from "../refusal.ts"
import { quoted } from "./connection.ts"
import type { Change, Step } from "./step.ts"

/**
 * The user that deploys sign in as. It has no password and no sudo, and equals root all the same: who may talk to
 * Docker can mount the host's root into a container.
 */
export const deployUser: Step = {
  name: "deploy user",
  changes: async (host, _, { deployUser: user, deployKey }) => {
    const keys = `/home/${user}/.ssh/authorized_keys`
    const line = `restrict ${deployKey}`
    const state = await host.run(`
id -nG ${user} 2>/dev/null || echo none
getent group docker >/dev/null && echo there || echo none
grep -qxF ${quoted(line)} ${keys} 2>/dev/null && stat -c '%a %U' ${keys} "$(dirname ${keys})" || true`)
    const [groups = "", group, ...permissions] = state.split("\n")
    const changes: Change[] = []
    if (group === "none") changes.push({ what: "makes the group docker", script: "groupadd --system docker" })
    if (groups === "none")
      changes.push({
        what: `makes the user ${user}, with no password`,
        script: `useradd --create-home --shell /bin/sh --groups docker ${user}`,
      })
    else if (!groups.split(" ").includes("docker"))
      changes.push({
        what: `puts ${user} into the group docker`,
        script: `usermod --append --groups docker ${user}`,
      })
    if (permissions.join() !== `600 ${user},700 ${user}`)
      changes.push({
        what: `lets the environment's deploy key sign in as ${user}`,
        script: keyScript(user, keys, line),
      })
    return changes
  },
  proof: async (host, _, { deployUser: user }) => {
    const [password, groups = ""] = (
      await host.run(`passwd --status ${user} | cut -d' ' -f2; id -nG ${user}`)
    ).split("\n")
    if (password !== "L" || !groups.split(" ").includes("docker"))
      throw new Refusal(1, `${user} has a password, or is not in the group docker (${groups}).`)
    return `${user} signs in by its key alone, and may use Docker (which equals root)`
  },
}

/** Puts the key in the place of the environment's former one, told by its comment. Other keys stay. */
function keyScript(user: string, keys: string, line: string): string {
  const comment = line.split(" ").at(-1)!
  return `
install -d -m 700 -o ${user} -g ${user} "$(dirname ${keys})"
next=$(mktemp ${keys}.XXXXXX)
if [ -f ${keys} ]; then awk -v c=${quoted(comment)} '$NF != c' ${keys} > "$next"; fi
echo ${quoted(line)} >> "$next"
chmod 600 "$next"; chown ${user}:${user} "$next"; mv "$next" ${keys}`
}
