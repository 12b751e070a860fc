import { Decrypter, Encrypter } from "age-encryption"
import { Refusal } from "../refusal.ts"
import { streamOf } from "./stream-of.ts"

/** No identity fits. A damaged beginning looks the same. */
export class WrongKey extends Refusal {}

/** The format is age v1 (https://age-encryption.org/v1), so `age -d` opens a backup without Docket. */
function encrypterTo(recipients: string[]): Encrypter {
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch {
      throw new Refusal(2, `BACKUP_RECIPIENTS: ${recipient.slice(0, 20)}… is no age recipient.`)
    }
  }
  return encrypter
}

export const encryptStream = (plain: ReadableStream<Uint8Array>, recipients: string[]) =>
  encrypterTo(recipients).encrypt(plain)

export const encryptText = (text: string, recipients: string[]) => encrypterTo(recipients).encrypt(text)

/** What cannot be opened, named `what`, as a `Refusal`: no identity fits, or it is not what was written. */
export async function decryptText(cipher: Uint8Array, identities: string[], what: string): Promise<string> {
  try {
    return await decrypterOf(identities).decrypt(cipher, "text")
  } catch (error) {
    throw refused(error, what)
  }
}

/** The same of a stream: what is damaged far inside fails its reader, with the same `Refusal`. */
export async function decryptStream(
  cipher: ReadableStream<Uint8Array>,
  identities: string[],
  what: string,
): Promise<ReadableStream<Uint8Array>> {
  try {
    const plain = await decrypterOf(identities).decrypt(cipher)
    return streamOf(named(plain, what))
  } catch (error) {
    throw refused(error, what)
  }
}

async function* named(plain: ReadableStream<Uint8Array>, what: string) {
  try {
    yield* plain
  } catch (error) {
    throw refused(error, what)
  }
}

function decrypterOf(identities: string[]): Decrypter {
  const decrypter = new Decrypter()
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity)
    } catch {
      throw new Refusal(2, "BACKUP_IDENTITY holds a line that is no age identity: it was cut or mistyped.")
    }
  }
  return decrypter
}

function refused(error: unknown, what: string): unknown {
  if (error instanceof Refusal) return error
  if (/no identity matched/.test(String(error)))
    return new WrongKey(3, `Wrong key: ${what} was encrypted to others than the identity in BACKUP_IDENTITY.`)
  return new Refusal(
    3,
    `${what} is damaged: it is not what was encrypted (${(error as Error).message || "its end is missing"}).`,
  )
}
