import { appendFileSync } from "node:fs"
import { join } from "node:path"
import pino, { type Logger } from "pino"
import { createLog } from "../log.ts"

/**
 * A folder where a test run keeps everything that its servers log, and what they were sent that must not be in there;
 * `bun run test` searches the one for the other (ops/search-logs.ts). Unset, nothing is kept.
 */
const FOLDER = process.env.TEST_LOGS

/** A log for a test's server: kept where the run keeps them, else silent. */
export const testLog = async (): Promise<Logger> =>
  FOLDER === undefined
    ? pino({ level: "silent" })
    : createLog({ logLevel: "debug", environment: "test" }, { write: keepLog })

/** Keeps what a server has written. */
export function keepLog(text: string) {
  if (FOLDER !== undefined) appendFileSync(join(FOLDER, `${process.pid}.log`), text)
}

/** Members whose texts are secrets, or addresses. */
const SECRET = /password|token|^email$/i

/** Keeps the passwords, tokens and addresses in what is sent. */
export function keepSecrets(body: unknown, token: string | undefined) {
  if (FOLDER === undefined) return
  const secrets = token === undefined ? [] : [token]
  const collect = (value: unknown, depth: number) => {
    if (typeof value !== "object" || value === null || depth > 8) return
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === "string" && SECRET.test(name)) secrets.push(member)
      else collect(member, depth + 1)
    }
  }
  collect(body, 0)
  for (const secret of secrets)
    appendFileSync(join(FOLDER, `${process.pid}.secrets`), `${JSON.stringify(secret)}\n`)
}
