/**
 * `bun run examine [--letter ADDRESS]`: prints, as one line of JSON, what a task of this image finds with the server's
 * variables and role: what they come to, the database, its surroundings; with an address, what became of a test
 * letter. No secret is in it. `bun run ops doctor` runs it beside the server, so that the database is opened to nobody.
 */
import { normaliseEmail } from "../server/accounts/email.ts"
import { ConfigError, readConfig } from "../server/config.ts"
import { version } from "../server/release.ts"
import { configFacts } from "./examine/config.ts"
import { databaseFacts } from "./examine/database.ts"
import type { Facts } from "./examine/facts.ts"
import { sendTestLetter } from "./examine/letter.ts"
import { processFacts } from "./examine/process.ts"

class Usage extends Error {}

try {
  console.log(JSON.stringify(await examine(process.argv.slice(2))))
  process.exit(0)
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof Usage)) throw error
  console.error(error.message)
  process.exit(1)
}

async function examine(given: string[]): Promise<Facts> {
  const [option, address, ...rest] = given
  const to = address === undefined ? null : normaliseEmail(address)
  if (given.length > 0 && (option !== "--letter" || to === null || rest.length > 0))
    throw new Usage("Usage: bun run examine [--letter ADDRESS]")
  const config = readConfig()
  return {
    version,
    config: configFacts(config),
    process: await processFacts(),
    database: await databaseFacts(config),
    ...(to && { letter: await sendTestLetter(config, to) }),
  }
}
