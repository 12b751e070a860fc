import { armor, Decrypter, Encrypter } from "age-encryption"
import { Refusal } from "../refusal.ts"
import { type Kit, parseKit, refuseFormat } from "./kit.ts"

/** What a kit is encrypted to; age knows no both. */
export type Lock = { passphrase: string } | { recipients: string[] }
/** What it is opened with. */
export type Key = { passphrase: string } | { identities: string[] }

const TITLE = "Docket recovery kit, format "
const HOW = "To use it: bun run ops recover FILE. Without Docket: sed '1,/^$/d' FILE | age --decrypt"

/**
 * The text of a kit's file: some lines for whoever finds it in years, with a checksum that tells damage from a wrong
 * passphrase, and the kit in age's armour (https://age-encryption.org/v1).
 */
export async function sealKit(kit: Kit, lock: Lock): Promise<string> {
  const encrypter = new Encrypter()
  if ("passphrase" in lock) encrypter.setPassphrase(lock.passphrase)
  else for (const recipient of lock.recipients) encrypter.addRecipient(recipient)
  const body = `${armor.encode(await encrypter.encrypt(JSON.stringify(kit))).trim()}\n`
  return [
    `${TITLE}${kit.format}`,
    `environment: ${kit.environment.name}`,
    `made: ${kit.madeAt}`,
    `opened by: ${"passphrase" in lock ? "a passphrase" : `an identity of ${lock.recipients.join(", ")}`}`,
    `checksum: ${sha256(body)}`,
    HOW,
    "",
    body,
  ].join("\n")
}

/** The kit in the text of a file. Throws a `Refusal` (3): it is none, of another format, damaged, or the key is wrong. */
export async function openKit(file: string, key: Key): Promise<Kit> {
  const { body } = partsOf(file)
  const decrypter = new Decrypter()
  if ("passphrase" in key) decrypter.addPassphrase(key.passphrase)
  else for (const identity of key.identities) decrypter.addIdentity(identity)
  let text: string
  try {
    text = await decrypter.decrypt(armor.decode(body), "text")
  } catch (error) {
    const wrong = /no identity matched/.test(String(error))
    if (!wrong) throw new Refusal(3, `The kit is damaged: ${(error as Error).message}.`)
    throw new Refusal(
      3,
      "passphrase" in key
        ? "Wrong passphrase: it does not open this kit (which is whole)."
        : "Wrong key: the kit was encrypted to others than this identity.",
    )
  }
  return parseKit(text)
}

/** Of the age part, as the file says it; what tells one kit from another. */
export const checksumOf = (file: string): string => partsOf(file).checksum

/** Whether a passphrase opens the file, or an identity. Throws as `openKit` does, before anyone is asked for either. */
export const wantsPassphrase = (file: string): boolean =>
  partsOf(file).lines.includes("opened by: a passphrase")

/** Of a file that is a kit of this format, and whole. */
function partsOf(file: string): { lines: string[]; body: string; checksum: string } {
  const text = file.replaceAll("\r\n", "\n")
  const [head = "", ...rest] = text.split("\n\n")
  const [title = "", ...lines] = head.split("\n")
  if (!title.startsWith(TITLE))
    throw new Refusal(3, "The file is no recovery kit: its first line is another.")
  refuseFormat(Number(title.slice(TITLE.length)))
  const checksum = lines.map((line) => /^checksum: ([0-9a-f]{64})$/.exec(line)?.[1]).find(Boolean)
  if (!checksum || rest.length === 0)
    throw new Refusal(3, "The kit is damaged: its first lines are not whole. Use another copy of it.")
  const body = `${rest.join("\n\n").trim()}\n`
  if (sha256(body) !== checksum)
    throw new Refusal(
      3,
      "The kit is damaged: it is not what was written, by its checksum. Use another copy of it.",
    )
  return { lines, body, checksum }
}

const sha256 = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex")
