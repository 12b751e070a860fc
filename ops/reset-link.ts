/**
 * `bun run reset-link ADDRESS`: prints a link with which the account's password is chosen anew, once, within an hour.
 * For an operator without mail, or whose mail does not arrive. The link goes to standard output and nowhere else.
 */
import { normaliseEmail } from "../server/accounts/email.ts"
import { storeLetterToken } from "../server/accounts/letter-queries.ts"
import { LETTER_TOKEN_SECONDS, makeToken } from "../server/accounts/letter-tokens.ts"
import { findAccount } from "../server/accounts/queries.ts"
import { ConfigError, readConfig } from "../server/config.ts"
import { connect } from "../server/database/connect.ts"

/** What the operator can mend; said in a sentence, without a stack. */
class Refused extends Error {}

try {
  console.log(await resetLink(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof Refused)) throw error
  console.error(error.message)
  process.exit(1)
}

async function resetLink(given: string[]): Promise<string> {
  const [address] = given
  if (address === undefined || given.length > 1) throw new Refused("Usage: bun run reset-link ADDRESS")
  const email = normaliseEmail(address)
  if (!email) throw new Refused(`"${address}" is not an e-mail address.`)
  const config = readConfig()
  const token = makeToken()
  const sql = connect(config.databaseUrl, { max: 1, statementTimeout: 10_000 })
  try {
    const account = await findAccount(sql, email, "127.0.0.1/32")
    if (!account || account.isSmoke) throw new Refused(`No one has an account with the address ${email}.`)
    await storeLetterToken(sql, {
      hash: token.hash,
      accountId: account.id,
      purpose: "reset-password",
      email,
      seconds: LETTER_TOKEN_SECONDS["reset-password"],
    })
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(`The database can't be used: ${reasonOf(error)}`)
  } finally {
    await sql.end({ timeout: 5 })
  }
  if (!config.frontendUrl)
    console.error("FRONTEND_URL is not set. If Docket is opened elsewhere, put its address before /reset.")
  const page = config.frontendUrl?.replace(/\/+$/, "") ?? `http://localhost:${config.port}`
  return `${page}/reset#token=${token.token}`
}

/** PostgreSQL's sentence and the driver's code; neither holds the URL's password. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  return code === "42P01" ? "it was never migrated (bun run migrate)." : message
}
