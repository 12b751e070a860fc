import { type Connection, quoted } from "./connection.ts"
import type { Change } from "./step.ts"

/** The change that gives `path` this content, mode and owner; none when it has them. Replaced in one step. */
export async function fileChange(
  host: Connection,
  path: string,
  content: string,
  { mode = "644", owner = "root:root" } = {},
): Promise<Change[]> {
  const hash = new Bun.CryptoHasher("sha256").update(content).digest("hex")
  const state = await host.run(
    `[ -f ${quoted(path)} ] || exit 0; sha256sum < ${quoted(path)}; stat -c '%a %U:%G' ${quoted(path)}`,
  )
  if (state === `${hash}  -\n${mode} ${owner}`) return []
  const base64 = Buffer.from(content).toString("base64")
  const script = `
mkdir -p "$(dirname ${quoted(path)})"
next=$(mktemp ${quoted(`${path}.XXXXXX`)})
printf %s ${base64} | base64 -d > "$next"
chmod ${mode} "$next"; chown ${owner} "$next"; mv "$next" ${quoted(path)}`
  return [{ what: `writes ${path}`, script }]
}

/** The change that installs those of `names` that are missing; none when all are there. */
export async function packageChange(host: Connection, ...names: string[]): Promise<Change[]> {
  const state = await host.run(
    names
      .map((name) => `dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' ${name} 2>/dev/null || true`)
      .join("\n"),
  )
  const installed = state.split("\n")
  const missing = names.filter((name) => !installed.includes(`${name} installed`))
  if (missing.length === 0) return []
  return [{ what: `installs ${missing.join(", ")}`, script: installScript(missing), seconds: 600 }]
}

/** Waits for another apt, such as the one that a new host runs at its first start. */
const APT = "apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold"

export const installScript = (names: string[]) =>
  `${APT} update >/dev/null\n${APT} install -y --no-install-recommends ${names.join(" ")} >/dev/null`

/** The change that starts a unit now and at boot. */
export async function unitChange(host: Connection, unit: string): Promise<Change[]> {
  const state = await host.run(
    `systemctl is-enabled ${unit} 2>/dev/null || true; systemctl is-active ${unit} || true`,
  )
  if (state === "enabled\nactive") return []
  return [{ what: `starts ${unit}, now and at boot`, script: `systemctl enable --now ${unit} 2>&1` }]
}
