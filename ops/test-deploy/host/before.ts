import { rm } from "node:fs/promises"
import { check, expect } from "../../testing/check.ts"
import { type FreshHost, inside, ops, setupHost } from "./fresh-host.ts"

/** Whom it trusts, and that looking changes nothing. */
export async function checkBeforeSetup(host: FreshHost) {
  await check("asks for a host's fingerprint before it signs in for the first time", async () => {
    const ran = await ops(host, ...setupHost(host))
    expect(ran.exitCode === 2 && ran.stderr.includes(host.fingerprint), `${ran.exitCode}: ${ran.output}`)
  })
  await check("does not sign in to a host with another key than the expected one", async () => {
    const ran = await ops(host, ...setupHost(host, `--fingerprint=SHA256:${"A".repeat(43)}`))
    expect(
      ran.exitCode === 1 && ran.stderr.includes("somebody may be in between"),
      `${ran.exitCode}: ${ran.output}`,
    )
    expect(!(await Bun.file(host.ssh.knownHosts).exists()), "its key was pinned all the same")
  })
  await check("says in a dry run what it would do, and does none of it", async () => {
    const before = await traces(host)
    const ran = await ops(
      host,
      ...setupHost(host, `--fingerprint=${host.fingerprint}`, "--dry-run", "--json"),
    )
    expect(ran.exitCode === 0, `it ended with ${ran.exitCode}: ${ran.output}`)
    const { steps } = JSON.parse(ran.stdout) as { steps: { step: string; changes: string[] }[] }
    const changed = steps.filter(({ changes }) => changes.length > 0).map(({ step }) => step)
    for (const step of ["upgrades", "docker", "firewall", "swarm", "deploy user", "ssh"])
      expect(changed.includes(step), `nothing is to be done for ${step}: ${ran.stdout}`)
    expect((await traces(host)) === before, "something was changed on the host")
    expect(!(await Bun.file(`${host.home}/.ssh/docket-trial`).exists()), "a deploy key was made")
    return `${steps.reduce((sum, { changes }) => sum + changes.length, 0)} changes`
  })
  await check("refuses a pinned host that shows another key", async () => {
    const pinned = await Bun.file(host.ssh.knownHosts).text()
    await Bun.$`ssh-keygen -q -t ed25519 -N "" -f ${host.home}/another`.quiet()
    const [type, key] = (await Bun.file(`${host.home}/another.pub`).text()).split(" ")
    await Bun.write(host.ssh.knownHosts, `${pinned.split(" ")[0]} ${type} ${key}\n`)
    const ran = await ops(host, ...setupHost(host))
    await rm(`${host.home}/another`)
    await Bun.write(host.ssh.knownHosts, pinned)
    expect(
      ran.exitCode === 1 && ran.stderr.includes("host key is not the one"),
      `${ran.exitCode}: ${ran.output}`,
    )
  })
}

/** Every file of the system's settings with its content, users, packages and units. apt's lists may be fetched. */
const traces = ({ name }: FreshHost) =>
  inside(
    name,
    "find /etc /home /root /usr/local -type f -exec sha256sum {} + | sort | sha256sum; dpkg -l | sha256sum; systemctl list-unit-files --no-legend | sha256sum",
  )
