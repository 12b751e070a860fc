import { pbkdf2, scrypt, timingSafeEqual } from "node:crypto"
import { promisify } from "node:util"

/**
 * A stored hash as it is verified: today's argon2id, or what another application made and an import kept until its
 * owner signs in (docs/operations/importing-sqlite.md).
 */
export type PasswordHash =
  | { kind: "argon2"; text: string }
  | { kind: "bcrypt"; text: string }
  | { kind: "pbkdf2"; digest: Digest; iterations: number; salt: Buffer; key: Buffer }
  | { kind: "scrypt"; cost: number; blockSize: number; lanes: number; salt: Buffer; key: Buffer }

type Digest = keyof typeof DIGEST_BYTES
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 }

/**
 * What verifying may cost, so that no stored hash can hold up a server: each bound is about two seconds of a core or
 * 256 MiB, and above what the frameworks' own defaults ask for. Argon2's memory is in KiB.
 */
const MOST = {
  argon2: { memory: 2 ** 18, memoryTimesPasses: 2 ** 20, lanes: 16 },
  bcryptCost: 14,
  pbkdf2Iterations: 2_000_000,
  scrypt: { bytes: 2 ** 27, lanes: 4 },
}

const ARGON2 =
  /^\$argon2id?\$v=19\$m=(\d{1,7}),t=(\d{1,5}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{16,128}$/
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
/** Django: https://docs.djangoproject.com/en/stable/topics/auth/passwords/ — the salt is text. */
const DJANGO = /^pbkdf2_(sha1|sha256)\$(\d{1,8})\$([^$]{1,128})\$([A-Za-z0-9+/]{20,90}={0,2})$/
/** Passlib: base 64 with "." for "+" and without padding; `$pbkdf2$` is SHA-1. */
const PASSLIB = /^\$pbkdf2(?:-(sha256|sha512))?\$(\d{1,8})\$([A-Za-z0-9./]{0,128})\$([A-Za-z0-9./]{20,90})$/
/** Werkzeug (Flask): the salt is text, the key hexadecimal. */
const WERKZEUG = /^pbkdf2:(sha1|sha256|sha512):(\d{1,8})\$([^$]{1,128})\$([0-9a-f]{40,128})$/
const WERKZEUG_SCRYPT = /^scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2})\$([^$]{1,128})\$([0-9a-f]{128})$/

/** What a stored hash means; null for a format that is not known, and for one that would take too much to verify. */
export function readPasswordHash(text: string): PasswordHash | null {
  return readArgon2(text) ?? readBcrypt(text) ?? readPbkdf2(text) ?? readScrypt(text)
}

function readArgon2(text: string): PasswordHash | null {
  const [memory, passes, lanes] = ARGON2.exec(text)?.slice(1).map(Number) ?? []
  if (memory === undefined || !passes || !lanes) return null
  const fits =
    memory >= 8 * lanes &&
    memory <= MOST.argon2.memory &&
    memory * passes <= MOST.argon2.memoryTimesPasses &&
    lanes <= MOST.argon2.lanes
  return fits ? { kind: "argon2", text } : null
}

function readBcrypt(text: string): PasswordHash | null {
  const cost = Number(BCRYPT.exec(text)?.[1])
  return cost >= 4 && cost <= MOST.bcryptCost ? { kind: "bcrypt", text } : null
}

function readPbkdf2(text: string): PasswordHash | null {
  const [, digest, iterations, salt, key] = DJANGO.exec(text) ?? []
  if (digest) return pbkdf2Hash(digest, iterations!, Buffer.from(salt!), Buffer.from(key!, "base64"))
  const passlib = PASSLIB.exec(text)
  if (passlib) {
    const [salt, key] = passlib.slice(3).map((part) => Buffer.from(part.replaceAll(".", "+"), "base64"))
    return pbkdf2Hash(passlib[1] ?? "sha1", passlib[2]!, salt!, key!)
  }
  const werkzeug = WERKZEUG.exec(text)
  if (!werkzeug) return null
  return pbkdf2Hash(werkzeug[1]!, werkzeug[2]!, Buffer.from(werkzeug[3]!), Buffer.from(werkzeug[4]!, "hex"))
}

function pbkdf2Hash(name: string, rounds: string, salt: Buffer, key: Buffer): PasswordHash | null {
  const [digest, iterations] = [name as Digest, Number(rounds)]
  const fits = iterations >= 1 && iterations <= MOST.pbkdf2Iterations && key.length === DIGEST_BYTES[digest]
  return fits ? { kind: "pbkdf2", digest, iterations, salt, key } : null
}

function readScrypt(text: string): PasswordHash | null {
  const [, n, r, p, salt, key] = WERKZEUG_SCRYPT.exec(text) ?? []
  const [cost, blockSize, lanes] = [Number(n), Number(r), Number(p)]
  const isPowerOfTwo = cost > 1 && (cost & (cost - 1)) === 0
  if (!isPowerOfTwo || blockSize < 1 || lanes < 1 || lanes > MOST.scrypt.lanes) return null
  if (128 * cost * blockSize > MOST.scrypt.bytes) return null
  return {
    kind: "scrypt",
    cost,
    blockSize,
    lanes,
    salt: Buffer.from(salt!),
    key: Buffer.from(key!, "hex"),
  }
}

/** Bcrypt reads no further than this many bytes; the runtime's would hash a longer password first, as no other does. */
const BCRYPT_BYTES = 72

const deriveByPbkdf2 = promisify(pbkdf2)
const deriveByScrypt = promisify<string, Buffer, number, object, Buffer>(scrypt)

/** Whether `password` is what was hashed. Off the main thread; the comparison's time tells nothing. */
export async function matches(password: string, hash: PasswordHash): Promise<boolean> {
  switch (hash.kind) {
    case "argon2":
      return Bun.password.verify(password, hash.text)
    case "bcrypt":
      return Bun.password.verify(Buffer.from(password).subarray(0, BCRYPT_BYTES), hash.text)
    case "pbkdf2": {
      const { salt, iterations, key, digest } = hash
      return timingSafeEqual(await deriveByPbkdf2(password, salt, iterations, key.length, digest), key)
    }
    case "scrypt": {
      const { cost: N, blockSize: r, lanes: p, salt, key } = hash
      return timingSafeEqual(
        await deriveByScrypt(password, salt, key.length, { N, r, p, maxmem: 2 * MOST.scrypt.bytes }),
        key,
      )
    }
  }
}
