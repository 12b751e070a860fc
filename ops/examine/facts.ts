import type { ConfigFacts } from "./config.ts"
import type { DatabaseFacts } from "./database.ts"
import type { LetterFacts } from "./letter.ts"
import type { ProcessFacts } from "./process.ts"

/** What `bun run examine` prints. */
export type Facts = {
  version: string
  config: ConfigFacts
  process: ProcessFacts
  database: DatabaseFacts
  letter?: LetterFacts
}
