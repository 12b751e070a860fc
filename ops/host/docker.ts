import { Refusal } from "../refusal.ts"
import { fileChange, installScript, unitChange } from "./changes.ts"
import { type Connection, quoted } from "./connection.ts"
import type { Change, Settings, Step, System } from "./step.ts"

/** Older ones do not know a health check's `start_interval`, which the stack uses. */
const OLDEST_MAJOR = 25

/** What every container gets. A stack cannot ask for `no-new-privileges` itself: Swarm drops `security_opt`. */
const DAEMON = {
  "no-new-privileges": true,
  "log-driver": "json-file",
  "log-opts": { "max-size": "10m", "max-file": "5" },
}

/** Of the key that signs Docker's repository; docs.docker.com/engine/install names it. */
const KEY_FINGERPRINT = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"
const KEY_PATH = "/etc/apt/keyrings/docker.asc"
const PACKAGES = {
  docker: ["docker-ce", "docker-ce-cli", "containerd.io"],
  debian: ["docker.io", "docker-cli"],
}

export const docker: Step = {
  name: "docker",
  changes: async (host, system, settings) => [
    ...(await installation(host, system, settings)),
    ...(await daemonChange(host)),
    ...(await unitChange(host, "docker.service")),
  ],
  proof: async (host) => {
    const said = await host.run(
      "docker info --format '{{.ServerVersion}} {{.LoggingDriver}} {{json .SecurityOptions}}'",
    )
    if (!said.includes("no-new-privileges"))
      throw new Refusal(
        1,
        `Docker runs without no-new-privileges, though /etc/docker/daemon.json asks for it: ${said}`,
      )
    if (!said.includes(` ${DAEMON["log-driver"]} `)) throw new Refusal(1, `Docker logs elsewhere: ${said}`)
    return `Docker ${said.split(" ")[0]}, no-new-privileges, at most 50 MB of log for a container`
  },
}

/** An engine that is there stays, wherever it came from, if it is new enough. */
async function installation(host: Connection, system: System, { dockerFrom }: Settings): Promise<Change[]> {
  const installed = await host.run("command -v dockerd >/dev/null && dockerd --version || true")
  const version = /version (\d+)/.exec(installed)?.[1]
  if (version && Number(version) >= OLDEST_MAJOR) return []
  if (version)
    throw new Refusal(
      1,
      `${host.name} has Docker ${version}, and the stack needs ${OLDEST_MAJOR} or newer: upgrade it first.`,
    )
  const repository =
    dockerFrom === "docker" ? repositoryChanges(system) : await distributionsOwn(host, system)
  const names = [...PACKAGES[dockerFrom], "iptables"]
  return [...repository, { what: `installs ${names.join(", ")}`, script: installScript(names), seconds: 900 }]
}

function repositoryChanges({ distribution, codename, architecture }: System): Change[] {
  const address = `https://download.docker.com/linux/${distribution}`
  const source = `Types: deb\nURIs: ${address}\nSuites: ${codename}\nComponents: stable\nArchitectures: ${architecture}\nSigned-By: ${KEY_PATH}\n`
  return [
    {
      what: `trusts Docker's repository by the key ${KEY_FINGERPRINT.slice(-16)}`,
      seconds: 300,
      script: `
${installScript(["ca-certificates", "curl", "gnupg"])}
key=$(mktemp); trap 'rm -f "$key"' EXIT
curl --fail --silent --show-error --location --max-time 30 -o "$key" ${address}/gpg
gpg --show-keys --with-colons "$key" 2>/dev/null | grep -q '^fpr:*${KEY_FINGERPRINT}:' ||
  { echo "What ${address}/gpg sends is not Docker's key." >&2; exit 1; }
install -D -m 644 "$key" ${KEY_PATH}
printf %s ${quoted(source)} > /etc/apt/sources.list.d/docker.sources`,
    },
  ]
}

/** Refuses (1) before anything is changed where the distribution's own is too old (Debian 12 has 20.10). */
async function distributionsOwn(host: Connection, { distribution, codename }: System): Promise<Change[]> {
  // A new host may have no list of packages at all yet.
  const candidate = await host.run(
    "apt-cache policy docker.io | grep -q 'Candidate: [0-9]' || apt-get -q update >/dev/null; apt-cache policy docker.io | sed -n 's/^ *Candidate: //p'",
    120,
  )
  const major = Number(/^(?:\d+:)?(\d+)/.exec(candidate)?.[1] ?? 0)
  if (major < OLDEST_MAJOR)
    throw new Refusal(
      1,
      `${distribution} ${codename} has docker.io ${candidate || "not at all"}, and the stack needs ${OLDEST_MAJOR} or newer: leave out --docker=debian. Nothing is changed.`,
    )
  return []
}

/** The operator's own settings stay; ours are put beside them. A restart of Docker restarts what runs. */
async function daemonChange(host: Connection): Promise<Change[]> {
  const path = "/etc/docker/daemon.json"
  const text = await host.run(`cat ${path} 2>/dev/null || true`)
  const given = text ? parse(text, path) : {}
  if (Object.entries(DAEMON).every(([key, value]) => Bun.deepEquals(given[key], value))) return []
  const content = `${JSON.stringify({ ...given, ...DAEMON }, null, 2)}\n`
  const [change] = await fileChange(host, path, content)
  const script = `
${change!.script}
if systemctl is-active --quiet docker; then dockerd --validate --config-file=${path}; systemctl restart docker; fi`
  const what = `writes ${path}, and restarts Docker where it runs (its containers too)`
  return [{ what, script, seconds: 180 }]
}

function parse(text: string, path: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal(1, `${path} on the host is not JSON (${(error as Error).message}): mend or remove it.`)
  }
}
