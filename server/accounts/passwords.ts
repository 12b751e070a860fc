import { availableParallelism } from "node:os"
import { Problem } from "../problems.ts"
import { Turns } from "../turns.ts"
import { matches, type PasswordHash, readPasswordHash } from "./password-hash.ts"

/** OWASP's second recommended setting for argon2id (docs/decisions, "Passwords"). `memoryCost` is in KiB. */
const PARAMETERS = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const
const PREFIX = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=1$`

/** Hashes take 20–60 ms of a core and 19 MiB each; more at once only starves the threads that everything shares. */
const AT_ONCE = Math.min(4, availableParallelism())
/** Beyond this many waiting a request is refused: by its turn its sender would have given up. */
const MOST_WAITING = 400
/** What a refused one is told to wait: about the time the queue takes to drain. */
const RETRY_AFTER_SECONDS = 10

/** A hash of nothing anyone knows, with today's parameters: verifying against it takes as long as a real one. */
const NOBODYS: PasswordHash = {
  kind: "argon2",
  text: `${PREFIX}c29tZSBzYWx0IG9mIG9uZQ$R0zL4n8l7vXk0Zc6wqk3h1oXb5yqv0S0m7J3n9p2T8E`,
}

/**
 * Hashes and verifies passwords, a bounded number at a time, with a bounded queue behind them (429 with
 * `Retry-After` when it is full), so that a rush of sign-ins leaves the rest of the process quick. Passwords are
 * compared in Unicode NFC: the same characters typed on another keyboard are the same password.
 */
export class Passwords {
  readonly #turns: Turns

  constructor(atOnce = AT_ONCE, mostWaiting = MOST_WAITING) {
    this.#turns = new Turns(atOnce, mostWaiting, () => Problem.tooManyRequests(RETRY_AFTER_SECONDS))
  }

  /** An argon2id hash in PHC string format, with a salt of its own. */
  hash(password: string): Promise<string> {
    return this.#turns.take(() => Bun.password.hash(password.normalize("NFC"), PARAMETERS))
  }

  /**
   * Whether `password` is the one that was hashed, by any of the ways of password-hash.ts. With null, which is no one's
   * password, and with what is no hash, it takes the time of one of today's and says no.
   */
  verify(password: string, hash: string | null): Promise<boolean> {
    const known = hash === null ? null : readPasswordHash(hash)
    return this.#turns.take(async () => {
      const right = await matches(password.normalize("NFC"), known ?? NOBODYS)
      return right && known !== null
    })
  }

  /** Whether the hash was made with other parameters than today's. */
  isOutdated(hash: string): boolean {
    return !hash.startsWith(PREFIX)
  }
}
