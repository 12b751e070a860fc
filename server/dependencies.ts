import type { Logger } from "pino"
import type { Passwords } from "./accounts/passwords.ts"
import type { Config } from "./config.ts"
import type { Pool } from "./database/connect.ts"
import type { Letters } from "./mail/letters.ts"
import type { Metrics } from "./metrics/metrics.ts"
import type { AccessTokens } from "./sessions/access-token.ts"
import type { LiveSessions } from "./sessions/live-sessions.ts"
import type { EventStreams } from "./sync/streams.ts"
import type { Traces } from "./traces/traces.ts"

/** What the application is made of; `createApp` takes it whole, and nothing is a module singleton. */
export type Dependencies = {
  config: Config
  /** Of this release, as `/health` tells it. */
  version: string
  /** The number of the newest migration that this release ships. */
  shippedMigration: number
  /** What the build made: the page, and the API reference's script. */
  folders: { page: string; reference: string }
  sql: Pool
  log: Logger
  letters: Letters
  passwords: Passwords
  accessTokens: AccessTokens
  liveSessions: LiveSessions
  streams: EventStreams
  /** Null where nobody may ask for them, and nothing is measured. */
  metrics: Metrics | null
  /** Null where nobody collects them. */
  traces: Traces | null
}
