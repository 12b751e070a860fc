import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from "node:crypto"
import { join } from "node:path"
import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "../swarm/engine.ts"
import { runOneShot } from "../swarm/one-shot.ts"
import { removeService } from "../swarm/removal.ts"
import { findService, imageOf } from "../swarm/rollout.ts"
import { type CurrentSecrets, currentSecrets } from "../swarm/secrets.ts"

/** Bits of the key of one run. */
const BITS = 3072
const SECONDS = 120
/** Of 8,000 characters each: more than Swarm would mount. */
const MOST_LINES = 2_000

/**
 * The contents of every current secret, which Swarm itself does not give out: a job inside the Swarm is given them as
 * files, and answers with them encrypted to a key of this run that is only in this process. So the contents are in no
 * log, no argument and no environment, and on this machine in no file.
 */
export async function fetchSecrets(
  engine: Engine,
  environment: SwarmEnvironment,
): Promise<{ contents: Record<string, string>; stored: CurrentSecrets }> {
  const { stack, name } = environment
  const stored = await currentSecrets(engine, stack)
  if (Object.keys(stored).length === 0)
    throw new Refusal(3, `${name} has no secrets yet: bun run ops secrets ${name} generate`)
  const { image, bun } = await imageWithBun(engine, environment)
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: BITS,
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  })
  const script = await Bun.file(join(import.meta.dir, "seal-secrets.js")).text()
  const job = `${stack}_recovery-kit-job`
  const { ended, reason, output } = await runOneShot(engine, {
    name: job,
    stack,
    image,
    command: [bun, "-e", script, publicKey.toString("base64")],
    secrets: stored as Record<string, string>,
    seconds: SECONDS,
    lines: MOST_LINES,
  })
  await removeService(engine, job)
  if (ended !== "done")
    throw new Refusal(
      1,
      `The job that reads the secrets of ${name} ${ended} (${reason}): ${output.slice(-500)}`,
    )
  const contents = unseal(output, privateKey)
  const missing = Object.keys(stored).filter((secret) => contents[secret] === undefined)
  if (missing.length > 0) throw new Refusal(1, `The job gave no ${missing.join(", ")}.`)
  return { contents, stored }
}

/** What runs, or what makes backups: both have Bun. A host on which there is neither has nothing to lose yet. */
async function imageWithBun(
  engine: Engine,
  { stack, backup, name }: SwarmEnvironment,
): Promise<{ image: string; bun: string }> {
  const server = await findService(engine, `${stack}_server`)
  if (server) return { image: imageOf(server.Spec), bun: "bun" }
  if (backup?.image) return { image: backup.image, bun: "/app/bun" }
  throw new Refusal(
    3,
    `Nothing of ${name} runs yet, which could read its secrets: bun run ops deploy ${name} first.`,
  )
}

function unseal(output: string, privateKey: string): Record<string, string> {
  const pieces = output.split("\n").flatMap((line) => {
    const [, number, of, text] = /^sealed (\d+)\/(\d+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
    return text ? [{ number: Number(number), of: Number(of), text }] : []
  })
  pieces.sort((one, other) => one.number - other.number)
  if (pieces.length === 0 || pieces.length !== pieces[0]!.of)
    throw new Refusal(1, "What the job answered is not whole: try it again.")
  const sealed = Buffer.from(pieces.map(({ text }) => text).join(""), "base64")
  const at = BITS / 8
  const [wrapped, iv] = [sealed.subarray(0, at), sealed.subarray(at, at + 12)]
  const tag = sealed.subarray(at + 12, at + 28)
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }
  const key = privateDecrypt({ key: privateKey, ...padding }, wrapped)
  const decipher = createDecipheriv("aes-256-gcm", key, iv)
  decipher.setAuthTag(tag)
  return JSON.parse(
    Buffer.concat([decipher.update(sealed.subarray(at + 28)), decipher.final()]).toString("utf8"),
  ) as Record<string, string>
}
