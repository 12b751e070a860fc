import { command, type Result } from "./command.ts"
import { needSwarm } from "./environments/environment.ts"
import type { SwarmEnvironment } from "./environments/swarm.ts"
import { Connection, type Destination } from "./host/connection.ts"
import { readOrMakeDeployKey } from "./host/deploy-key.ts"
import { pinHostKeys } from "./host/host-keys.ts"
import { type Done, setUpHost } from "./host/set-up.ts"
import { knownHostsPath } from "./host/ssh-identity.ts"
import { joinOf } from "./host/swarm.ts"
import { INSTEAD } from "./hosted/refusals.ts"
import { say } from "./progress.ts"
import { kitState, kitStateText } from "./recovery-kit/record.ts"
import { Refusal } from "./refusal.ts"
import { Engine } from "./swarm/engine.ts"
import { currentSecrets } from "./swarm/secrets.ts"

export default command({
  name: "setup-host",
  description:
    "Makes a fresh Debian or Ubuntu the host of an environment: Docker, Swarm, firewall, SSH by key. A second run changes nothing.",
  examples: [
    "bun run ops setup-host production --dry-run                     # look first",
    "bun run ops setup-host production                               # signs in as root",
    "bun run ops setup-host production --user=ubuntu --docker=debian",
    "bun run ops setup-host production --peers=10.0.0.2              # the first host, before a second one joins",
    "bun run ops setup-host production --host=10.0.0.2 --peers=10.0.0.1 --join",
  ],
  arguments: {
    user: {
      type: "string",
      description: "Who signs in to set it up: root, or one with sudo",
      default: "root",
    },
    identity: { type: "string", description: "The private key to sign in with, if not ssh's usual ones" },
    host: { type: "string", description: "Another host than the environment's, as host or host:port" },
    fingerprint: { type: "string", description: "Its host key's, as in SHA256:…, instead of being asked" },
    docker: {
      type: "string",
      description: "Where Docker comes from: docker (its own repository) or debian",
      default: "docker",
    },
    advertise: { type: "string", description: "The address by which the Swarm's other nodes reach it" },
    peers: { type: "string", description: "Addresses of the Swarm's other nodes, separated by commas" },
    join: { type: "boolean", description: "Join the environment's Swarm as a worker" },
  },
  run: async ({ environment, arguments: given, dryRun }) => {
    const swarm = needSwarm(
      environment,
      environment.kind === "hosted" ? INSTEAD["setup-host"](environment) : "",
    )
    const { deployUser, destination } = destinationOf(swarm, given)
    await pinHostKeys(destination, given.fingerprint)
    const settings = {
      deployUser,
      deployKey: await readOrMakeDeployKey(swarm.name, dryRun),
      dockerFrom: oneOf("docker", given.docker, ["docker", "debian"] as const),
      advertise: given.advertise ? addresses("advertise", given.advertise)[0]! : "",
      peers: given.peers ? addresses("peers", given.peers) : [],
      ...(given.join && { join: await joinOf(swarm) }),
    }
    say(`signs in as ${destination.user} at ${destination.host}`)
    const done = await onHost(destination, (host) => setUpHost(host, settings, dryRun))
    const facts = { host: destination.host, steps: done, dryRun }
    const text = summary(swarm, done, dryRun)
    // A worker, or a host that is only looked at, has no secrets to lose.
    if (dryRun || given.join) return { text, facts }
    return finished(swarm, text, facts)
  },
})

async function onHost<T>(destination: Destination, work: (host: Connection) => Promise<T>): Promise<T> {
  const host = await Connection.open(destination)
  try {
    return await work(host)
  } finally {
    await host.close()
  }
}

/**
 * A host is set up when it could be lost: its secrets are in a kit that was written and read back. Until then a set-up
 * ends as refused (3), with what is done and what is left.
 */
async function finished(
  environment: SwarmEnvironment,
  text: string,
  facts: Record<string, unknown>,
): Promise<Result> {
  await using engine = await Engine.open(environment)
  const recoveryKit = await kitState(engine, environment)
  const { name } = environment
  if (recoveryKit && recoveryKit.changed.length === 0)
    return {
      text: `${text}\nThe recovery kit was ${kitStateText(recoveryKit)}.`,
      facts: { ...facts, recoveryKit },
    }
  const secrets = await currentSecrets(engine, environment.stack)
  const kit = `bun run ops recovery-kit ${name}`
  const next = recoveryKit
    ? [`The recovery kit was ${kitStateText(recoveryKit)}. Make a new one: ${kit}`]
    : [
        "There is no recovery kit yet: were the host lost now, its secrets would be.",
        `Next: ${[...(Object.keys(secrets).length === 0 ? [`bun run ops secrets ${name} generate`] : []), `bun run ops deploy ${name} sha256:…`, kit].join(", then ")}; then this once more.`,
      ]
  throw new Refusal(3, [text, "The set-up is not finished.", ...next].join("\n"), { ...facts, recoveryKit })
}

function destinationOf(
  environment: SwarmEnvironment,
  given: { user: string; host?: string; identity?: string },
): { deployUser: string; destination: Destination } {
  const engine = environment.engine ? new URL(environment.engine) : undefined
  if (engine?.protocol !== "ssh:" || !engine.username || engine.username === "root")
    throw new Refusal(
      2,
      `${environment.path} must name a user and a host, as in engine = "ssh://deploy@docket.example.org". The user is made, and not root.`,
    )
  const other = given.host ? URL.parse(`ssh://${given.host}`) : undefined
  if (given.host && !other?.hostname) throw new Refusal(2, `--host=${given.host} is no host, or host:port.`)
  const { hostname, port } = other ?? engine
  return {
    deployUser: name("engine's user", engine.username),
    destination: {
      user: name("--user", given.user),
      host: hostname,
      port: Number(port || 22),
      knownHosts: knownHostsPath(environment, other ? hostname : undefined),
      ...(given.identity && { identity: given.identity }),
    },
  }
}

function name(what: string, given: string): string {
  if (!/^[a-z_][a-z0-9_-]{0,30}$/.test(given)) throw new Refusal(2, `${what} is no user's name: ${given}`)
  return given
}

function oneOf<const T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((value) => value === given)
  if (!found) throw new Refusal(2, `--${option} is ${known.join(" or ")}, and not ${given}.`)
  return found
}

function addresses(option: string, given: string): string[] {
  const list = given.split(",").map((address) => address.trim())
  const wrong = list.find((address) => !/^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(address))
  if (wrong !== undefined)
    throw new Refusal(2, `--${option} takes addresses such as 10.0.0.2, and not "${wrong}".`)
  return list
}

function summary(environment: SwarmEnvironment, done: Done[], dryRun: boolean): string {
  const changes = done.reduce((sum, { changes }) => sum + changes.length, 0)
  if (dryRun)
    return changes === 0
      ? "Everything is as it should be."
      : `${changes} changes would be made. Nothing was changed.`
  if (changes === 0) return "Everything was as it should be. Nothing was changed."
  return [
    `${changes} changes were made, and each was seen to work.`,
    `Keep ${knownHostsPath(environment)} in the repository: it is how everyone who deploys knows the host.`,
  ].join("\n")
}
