import type { SwarmEnvironment } from "../environments/swarm.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "../swarm/change.ts"
import { type SecretName, storeSecret } from "../swarm/secrets.ts"
import { givenContent } from "./given-content.ts"
import { rollSecrets } from "./roll.ts"
import { rotateJobRole, rotateServerRole } from "./rotate-database.ts"
import { finishKeyRotation, rotateKey } from "./rotate-key.ts"

/**
 * How `name` is replaced while the server serves; what it resolves to is the sentence for the operator. Contents that
 * only a person knows are asked for here, before the stack's lock is taken. Refuses (3) what cannot be replaced so.
 */
export async function rotation(
  { name: environment, database }: SwarmEnvironment,
  name: SecretName,
  { file, finish }: { file: string | undefined; finish: boolean },
): Promise<(change: Change) => Promise<string>> {
  switch (name) {
    case "jwt-secret-key":
      return finish ? finishKeyRotation : rotateKey
    case "jwt-secret-key-previous":
      throw new Refusal(
        3,
        `It is part of a rotation: bun run ops secrets ${environment} rotate jwt-secret-key`,
      )
    case "postgres-password":
      throw new Refusal(
        3,
        "The database is given postgres-password when it is made, and a new one would restart it. Nothing was changed.",
      )
    case "alertmanager-config":
    case "grafana-password":
      throw new Refusal(
        3,
        `It is the monitor's: bun run ops secrets ${environment} set ${name}, then bun run ops monitoring ${environment}`,
      )
    case "database-url":
      if (database === "stack") return rotateServerRole
      break
    case "database-owner-url":
    case "database-backup-url":
    case "database-monitor-url":
      if (database === "stack") return (change) => rotateJobRole(change, name)
      throw new Refusal(3, `Nothing that runs uses it: bun run ops secrets ${environment} set ${name}`)
  }
  const content = await givenContent(name, file)
  return async (change) => {
    const stored = await storeSecret(change.engine, change.stack, name, content)
    await rollSecrets(change, { [name]: stored }, `Giving every replica the new ${name}`)
    return `The server has the new ${name}.`
  }
}
