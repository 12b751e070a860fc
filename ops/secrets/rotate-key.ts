import { Refusal } from "../refusal.ts"
import type { Change } from "../swarm/change.ts"
import type { Secret, Service } from "../swarm/engine-types.ts"
import { currentSecrets, storeSecret } from "../swarm/secrets.ts"
import { randomPassword } from "./contents.ts"
import { rollSecrets } from "./roll.ts"

/** An access token lives so long (server/sessions); what the key before has signed is good until then. */
const TOKEN_MINUTES = 15

/**
 * Gives the server a new key to sign access tokens with, and refuses no token that the one before has signed. First
 * every replica accepts the new one, and only then one signs with it; else a token of a replica that is through would be
 * refused by one that is not. One that was interrupted in between goes on where it was.
 */
export async function rotateKey(change: Change): Promise<string> {
  const { engine, environment, stack } = change
  const { "jwt-secret-key": key, "jwt-secret-key-previous": other } = await currentSecrets(engine, stack)
  const again = `bun run ops secrets ${environment.name} rotate jwt-secret-key --finish`
  if (!key)
    throw new Refusal(3, `There is no jwt-secret-key yet: bun run ops secrets ${environment.name} generate`)
  if (other && !(await isNewer(change, other, key))) {
    if (await isMounted(change, key)) throw new Refusal(3, `The rotation before is not finished: ${again}`)
    await swap(change, key, other)
  } else {
    const next = other ?? (await storeSecret(engine, stack, "jwt-secret-key", randomPassword()))
    await rollSecrets(change, { "jwt-secret-key-previous": next }, "Letting every replica accept the new key")
    await swap(change, next, key)
  }
  return `Access tokens are signed with the new key. The one before is accepted until you take it away, in ${TOKEN_MINUTES} minutes at the earliest: ${again}`
}

const swap = (change: Change, key: string, before: string) =>
  rollSecrets(
    change,
    { "jwt-secret-key": key, "jwt-secret-key-previous": before },
    "Letting every replica sign with the new key",
  )

/** Takes the key before away. Refuses (3) while a token that it has signed may still be good. */
export async function finishKeyRotation(change: Change): Promise<string> {
  const { engine, stack, service } = change
  const { "jwt-secret-key": key, "jwt-secret-key-previous": other } = await currentSecrets(engine, stack)
  if (!other) return "No rotation is under way. Nothing was changed."
  if (!key || (await isNewer(change, other, key)) || !(await isMounted(change, key)))
    throw new Refusal(3, "The rotation stopped half-way: run it again without --finish first.")
  const { UpdateStatus, UpdatedAt } = await engine.get<Service>(`/services/${service}`)
  const free = new Date(Date.parse(UpdateStatus?.CompletedAt ?? UpdatedAt) + TOKEN_MINUTES * 60_000)
  if (engine.now() < free)
    throw new Refusal(
      3,
      `Tokens of the key before may be good until ${free.toISOString()}. Nothing was changed.`,
    )
  await rollSecrets(change, { "jwt-secret-key-previous": null }, "Letting no replica accept the key before")
  return "The key before is accepted no more."
}

/** Whether the server signs with the Swarm secret `stored`, rather than being meant to. */
async function isMounted({ engine, service }: Change, stored: string): Promise<boolean> {
  const { Spec } = await engine.get<Service>(`/services/${service}`)
  const secrets = Spec.TaskTemplate.ContainerSpec.Secrets ?? []
  return secrets.some(({ SecretName, File }) => SecretName === stored && File.Name === "jwt-secret-key")
}

async function isNewer({ engine }: Change, one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all(
    [one, other].map((stored) => engine.get<Secret>(`/secrets/${stored}`)),
  )
  return Date.parse(first!.CreatedAt) > Date.parse(second!.CreatedAt)
}
