import { isCancel, password } from "@clack/prompts"
import { variable } from "../backup/settings.ts"
import { Refusal } from "../refusal.ts"
import type { Key, Lock } from "./envelope.ts"

/** Characters. A kit may be tried by whoever gets hold of it, for years: four or five words that dice have chosen. */
const LEAST = 16

/**
 * What a new kit is encrypted to, and what it is read back with: recipients, with the identity of KIT_IDENTITY; or the
 * passphrase of KIT_PASSPHRASE, which a person is asked for twice where that is not set.
 */
export async function kitLock(recipients: string | undefined): Promise<{ lock: Lock; key: Key }> {
  if (recipients !== undefined) {
    const list = recipients.split(/[\s,]+/).filter(Boolean)
    const stranger = list.find((word) => !/^age1[a-z0-9]{50,}$/.test(word))
    if (stranger !== undefined || list.length === 0)
      throw new Refusal(2, `--recipients: ${(stranger ?? "").slice(0, 20)}… is no public key of age.`)
    return { lock: { recipients: list }, key: { identities: identities() } }
  }
  const passphrase = variable("KIT_PASSPHRASE") ?? (await askTwice())
  if (passphrase.length < LEAST)
    throw new Refusal(
      2,
      `The passphrase has ${passphrase.length} characters, and a kit needs at least ${LEAST}: four or five words that nobody would guess.`,
    )
  return { lock: { passphrase }, key: { passphrase } }
}

/** What opens a kit that is there. */
export async function kitKey(isPassphrase: boolean): Promise<Key> {
  if (!isPassphrase) return { identities: identities() }
  return { passphrase: variable("KIT_PASSPHRASE") ?? (await ask("The kit's passphrase:")) }
}

function identities(): string[] {
  const lines = (variable("KIT_IDENTITY") ?? "").split(/\r?\n/).map((line) => line.trim())
  const found = lines.filter((line) => line !== "" && !line.startsWith("#"))
  if (found.length === 0)
    throw new Refusal(
      2,
      "KIT_IDENTITY_FILE is not set: the file with the age identity (AGE-SECRET-KEY-…) that opens the kit. A kit counts once it was read back.",
    )
  if (!found.every((line) => /^AGE-SECRET-KEY-(PQ-)?1[A-Z0-9]+$/.test(line)))
    throw new Refusal(2, "KIT_IDENTITY holds a line that is no age identity (AGE-SECRET-KEY-1…).")
  return found
}

async function askTwice(): Promise<string> {
  const first = await ask("A passphrase for the kit, to be kept apart from it:")
  if ((await ask("The same once more:")) !== first) throw new Refusal(2, "Those were two passphrases.")
  return first
}

async function ask(message: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Refusal(2, "Nobody can be asked for the passphrase here: set KIT_PASSPHRASE_FILE.")
  const answer = await password({ message, output: process.stderr })
  if (isCancel(answer)) throw new Refusal(130, "Interrupted. Nothing was done.")
  return answer ?? ""
}
