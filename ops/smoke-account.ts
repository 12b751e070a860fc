/**
 * `bun run smoke-account HASH`: gives the standing account of the smoke test the password that HASH was made of, and
 * clears away what earlier runs left. `bun run ops smoke` makes a new password for each run and passes on only
 * its hash, in a task of the release's own image: nobody has to keep or read back a secret.
 */
import { isSmokeHash, renewSmokeAccount, SMOKE_EMAIL } from "../server/accounts/smoke-account.ts"
import { ConfigError, readConfig } from "../server/config.ts"
import { connect } from "../server/database/connect.ts"

/** What the operator can mend; said in a sentence, without a stack. */
class Refused extends Error {}

try {
  console.log(await smokeAccount(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof Refused)) throw error
  console.error(error.message)
  process.exit(1)
}

async function smokeAccount(given: string[]): Promise<string> {
  const [hash] = given
  if (hash === undefined || given.length > 1) throw new Refused("Usage: bun run smoke-account HASH")
  if (!isSmokeHash(hash))
    throw new Refused("HASH must be argon2id with the parameters of a random password (m=8,t=1,p=1).")
  const config = readConfig()
  const sql = connect(config.databaseUrl, { max: 1, statementTimeout: 10_000 })
  try {
    const outcome = await renewSmokeAccount(sql, hash)
    if (outcome === null)
      throw new Refused(`A person has the address ${SMOKE_EMAIL}: change or delete that account first.`)
    return `The smoke account was ${outcome}.`
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(`The database can't be used: ${reasonOf(error)}`)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** PostgreSQL's sentence and the driver's code; neither holds the URL's password. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  return code === "42P01" || code === "42703" ? "it lacks migrations (bun run migrate)." : message
}
