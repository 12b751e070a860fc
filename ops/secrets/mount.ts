import type { ContainerSpec, SecretReference } from "../swarm/engine-types.ts"
import type { SecretName } from "../swarm/secrets.ts"

/** A Swarm secret as a service names it. */
export type Stored = { id: string; name: string }

/** How ops/stack.yml gives secrets to the server: its own user may read them. */
const FILE = { UID: "1000", GID: "1000", Mode: 0o400 }

/**
 * `container` with each secret of `change` at /run/secrets/NAME, and its variable `NAME_FILE` that says so; null takes
 * both away. Everything else stays. The file's owner and mode stay as they were.
 */
export function withSecrets(
  container: ContainerSpec,
  change: Partial<Record<SecretName, Stored | null>>,
): ContainerSpec {
  const env = (container.Env as string[] | undefined) ?? []
  const before = container.Secrets ?? []
  const names = Object.keys(change) as SecretName[]
  const kept = before.filter(({ File }) => !names.includes(File.Name as SecretName))
  const given = names.flatMap((name): SecretReference[] => {
    const secret = change[name]
    if (!secret) return []
    const file = before.find(({ File }) => File.Name === name)?.File ?? { ...FILE, Name: name }
    return [{ SecretID: secret.id, SecretName: secret.name, File: file }]
  })
  const others = env.filter((line) => !names.some((name) => line.startsWith(`${variableOf(name)}=`)))
  const variables = names
    .filter((name) => change[name])
    .map((name) => `${variableOf(name)}=/run/secrets/${name}`)
  // In the order in which `docker stack deploy` sends them, so that the next deploy finds nothing to change.
  return {
    ...container,
    Env: [...others, ...variables].sort(),
    Secrets: [...kept, ...given].sort((one, other) => one.SecretName.localeCompare(other.SecretName)),
  }
}

const variableOf = (name: SecretName) => `${name.toUpperCase().replaceAll("-", "_")}_FILE`
