import type { InputError } from "../problems.ts"
import { PASSWORD_CHARACTERS } from "./shapes.ts"

/**
 * What is wrong with a new password, for the account of `email` (normalised), or null. Only what makes it easy to
 * guess: no rules about kinds of characters (NIST SP 800-63B, 3.1.1.2).
 */
export async function passwordFault(
  password: string,
  email: string,
): Promise<Omit<InputError, "path"> | null> {
  const { length } = [...password.normalize("NFC")]
  if (length < PASSWORD_CHARACTERS.least)
    return { code: "too-short", message: `This must have at least ${PASSWORD_CHARACTERS.least} characters.` }
  if (length > PASSWORD_CHARACTERS.most)
    return { code: "too-long", message: `This must have at most ${PASSWORD_CHARACTERS.most} characters.` }
  const folded = password.normalize("NFKC").toLowerCase()
  if (isMadeFromEmail(folded, email))
    return { code: "contains-email", message: "This must not be the e-mail address or made from it." }
  if (isRun(folded) || (await isCommon(folded)))
    return { code: "too-common", message: "This is one of the passwords that are tried first." }
  return null
}

/** The address or its name, with little around it. */
function isMadeFromEmail(password: string, email: string): boolean {
  const name = email.slice(0, email.indexOf("@"))
  return [email, name].some(
    (part) => part.length >= 4 && password.includes(part) && password.replaceAll(part, "").length < 6,
  )
}

/** `aaaaaaaaaa`, `1234567890`, `zyxwvutsrq`: every character is as far from the one before. */
function isRun(password: string): boolean {
  const codes = [...password].map((character) => character.codePointAt(0)!)
  const steps = new Set(codes.slice(1).map((code, index) => code - codes[index]!))
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0]!)
}

/** One of the tens of thousands most used ones, or such a one with only digits and signs around it. */
async function isCommon(password: string): Promise<boolean> {
  const common = await commonPasswords()
  const word = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "")
  return common.has(password) || common.has(password.replace(/[^\p{L}\p{N}]+$/u, "")) || common.has(word)
}

let loaded: Promise<Set<string>> | undefined

/** Read at the first need: a few megabytes that a server which registers no one can do without. */
function commonPasswords(): Promise<Set<string>> {
  loaded ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) =>
      new Set((dictionary["passwords-common"] as string[]).filter((word) => word.length >= 4)),
  )
  return loaded
}
