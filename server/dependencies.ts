import type { Logger } from "pino"
import type { Config } from "./config.ts"
import type { Pool } from "./database/connect.ts"
import type { Letters } from "./mail/letters.ts"

/** What the application is made of; `createApp` takes it whole, and nothing is a module singleton. */
export type Dependencies = {
  config: Config
  sql: Pool
  log: Logger
  letters: Letters
}
