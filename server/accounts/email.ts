/** The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3, less its brackets). */
export const MOST_EMAIL_CHARACTERS = 254

/**
 * The address as it is stored and compared: without blanks around it, in Unicode NFC and lower case. Null if it is
 * not one that a letter could reach: one `@`, a name of at most 64 characters before it, a host name with a
 * dot after it (international ones too), no blanks or control characters. Whether it exists, only a letter can tell.
 */
export function normaliseEmail(text: string): string | null {
  const email = text.trim().normalize("NFC").toLowerCase()
  const at = email.indexOf("@")
  if (at === -1) return null
  const [name, host] = [email.slice(0, at), email.slice(at + 1)]
  const fits = [...email].length <= MOST_EMAIL_CHARACTERS && [...name].length <= 64
  return fits && NAME.test(name) && isHostName(host) ? email : null
}

/** Whether no letter can ever reach the address: `.invalid` is kept free of owners (RFC 2606), and used by accounts of no person. */
export const isOfNoOne = (email: string) => /[@.]invalid$/.test(email)

/** The unquoted form, with letters of any script (RFC 5322 `dot-atom`, RFC 6531). */
const NAME = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u

function isHostName(host: string): boolean {
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(host)) return false
  // The URL parser turns international labels into the ASCII that DNS knows (UTS 46), and refuses what has none.
  const ascii = URL.parse(`http://${host}`)?.hostname ?? ""
  return ascii.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(ascii)
}
