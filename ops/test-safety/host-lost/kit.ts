import { generateKeyPairSync } from "node:crypto"
import { join } from "node:path"
import { generateX25519Identity, identityToRecipient } from "age-encryption"
import { sealKit } from "../../recovery-kit/envelope.ts"
import type { Kit } from "../../recovery-kit/kit.ts"
import { ops, startOps } from "../../test-deploy/operator.ts"
import { check, expect } from "../../testing/check.ts"
import { docker } from "../../testing/engine.ts"
import { type Done, refused, succeeded } from "../../testing/running-command.ts"
import { written } from "./site.ts"
import type { Raised } from "./stack.ts"

/** A kit that counts, and what an operator has beside it. */
export type MadeKit = { path: string; variables: Record<string, string>; proofKey: string }

export const PASSPHRASE = "correct horse battery staple of the tests"

/** The kit is written and read back; whatever is wrong with one is named, and what has changed since. */
export async function checkKit(raised: Raised): Promise<MadeKit | undefined> {
  const { site, stack, environment } = raised
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  const { accessKeyId, secretAccessKey } = site.identities.verifier
  const variables = {
    KIT_PASSPHRASE_FILE: await written(site, "passphrase", PASSPHRASE),
    BACKUP_IDENTITY_FILE: await written(site, "backup.key", site.key.identity),
    BACKUP_S3_ACCESS_KEY_ID: accessKeyId,
    BACKUP_S3_SECRET_ACCESS_KEY: secretAccessKey,
    BACKUP_PROOF_PUBLIC_KEY: publicKey.export({ type: "spki", format: "pem" }).toString(),
  }
  const run = (args: string[], more: Record<string, string> = {}) =>
    startOps(["recovery-kit", ...args], { ...variables, ...more }).done
  const path = join(site.lost.site.folder, "docket.kit")
  let made = false
  await check("a passphrase that is too short, or a key that opens no backup, makes no kit", async () => {
    const short = { KIT_PASSPHRASE_FILE: await written(site, "short", "too short") }
    refused(await run([environment, "--file", path], short), 2, /at least 16/)
    const other = { BACKUP_IDENTITY_FILE: await written(site, "other.key", await generateX25519Identity()) }
    refused(await run([environment, "--file", path], other), 2, /opens none of the stack's backups/)
    expect(!(await Bun.file(path).exists()), "there is a file")
  })
  await check("the kit is written, read back, opened and compared by one command", async () => {
    const done = await run([environment, "--file", path])
    succeeded(done)
    made = true
    const text = await Bun.file(path).text()
    expect(!/AGE-SECRET-KEY|postgres:\/\//.test(text), "it can be read")
    return `${(done.said.secrets as string[]).length} secrets, ${text.length} characters, ${Math.round(done.seconds)} s`
  })
  if (!made) return undefined
  await check("no secret went through a log, an argument or the engine's settings", async () => {
    const services = await docker("service", "ls", "--quiet")
    const told = await docker("service", "inspect", ...services.split("\n"))
    expect(!/AGE-SECRET-KEY|postgres:\/\/docket/.test(told), "a service is told one")
    expect(!/recovery-kit-job/.test(told), "the job is still there, with its log")
  })
  await check("it opens, and nothing has changed since", async () => {
    const done = await run([environment, "--check", path])
    succeeded(done)
    expect((done.said.changed as string[]).length === 0, JSON.stringify(done.said))
  })
  await checkFaults(raised, path, run)
  await check("a kit from before a secret was rotated is named, by the check and by the doctor", async () => {
    succeeded(
      await ops(
        "secrets",
        environment,
        "rotate",
        "metrics-token",
        "--file",
        await written(site, "token", `${crypto.randomUUID()}${crypto.randomUUID()}`),
      ),
    )
    const told = refused(await run([environment, "--check", path]), 3, /metrics-token changed since/)
    const status = await ops("status", environment)
    const kit = status.said.recoveryKit as { changed: string[] }
    expect(kit.changed.join() === "metrics-token", JSON.stringify(status.said.recoveryKit))
    return told
  })
  const next = join(site.lost.site.folder, "docket-2.kit")
  await check("a new kit holds what is now, also for recipients", async () => {
    const identity = await generateX25519Identity()
    const keyed = { KIT_IDENTITY_FILE: await written(site, "kit.key", identity) }
    const forKey = join(site.lost.site.folder, "docket-key.kit")
    const recipient = await identityToRecipient(identity)
    succeeded(await run([environment, "--file", forKey, "--recipients", recipient], keyed))
    succeeded(await run(["--check", forKey], keyed))
    succeeded(await run([environment, "--file", next]))
    succeeded(await run([environment, "--check", next]))
  })
  void stack
  const proofKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
  return { path: next, variables, proofKey }
}

type Run = (args: string[], more?: Record<string, string>) => Promise<Done>

async function checkFaults({ site }: Raised, path: string, run: Run) {
  const text = await Bun.file(path).text()
  const spoilt = async (what: string, content: string, reason: RegExp, more = {}) => {
    const file = await written(site, `${what}.kit`, content)
    return `${what}: ${refused(await run(["--check", file], more), 3, reason)}`
  }
  await check(
    "a kit that is damaged, cut short, of another format, or not to be opened is named",
    async () => {
      const at = Math.floor(text.length * 0.7)
      const flipped = String.fromCharCode(text.charCodeAt(at) === 65 ? 66 : 65)
      const other = { KIT_PASSPHRASE_FILE: await written(site, "wrong", "another passphrase of the tests") }
      const kit = { format: 0, environment: { name: "old" }, madeAt: "2020" } as unknown as Kit
      const inside = (await sealKit({ ...kit, format: 1 } as Kit, { passphrase: PASSPHRASE })).replace("", "")
      const told = [
        await spoilt("wrong passphrase", text, /Wrong passphrase: it does not open this kit/, other),
        await spoilt("flipped bit", text.slice(0, at) + flipped + text.slice(at + 1), /The kit is damaged/),
        await spoilt("cut short", text.slice(0, at), /The kit is damaged/),
        await spoilt(
          "old format",
          text.replace("format 1", "format 0"),
          /of format 0, and this release reads format 1/,
        ),
        await spoilt(
          "newer format",
          text.replace("format 1", "format 2"),
          /use the release that made it, or a newer/,
        ),
        await spoilt("no kit", "-----BEGIN AGE ENCRYPTED FILE-----\n", /is no recovery kit/),
        await spoilt("not whole", inside, /The kit is not whole/),
      ]
      return `${told.length} kinds`
    },
  )
}
