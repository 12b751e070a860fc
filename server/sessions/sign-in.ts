import { normaliseEmail } from "../accounts/email.ts"
import { type AccountByEmail, findAccount, readMe, rehashPassword } from "../accounts/queries.ts"
import { mailConfigured } from "../config.ts"
import type { Dependencies } from "../dependencies.ts"
import { LIMITS, type Limit } from "../limits/limits.ts"
import { networkOf } from "../limits/networks.ts"
import { charge, refund } from "../limits/queries.ts"
import { Problem } from "../problems.ts"
import { ACCESS_TOKEN_SECONDS } from "./access-token.ts"
import {
  type Client,
  createSession,
  DELETION_TOLD_DAYS,
  endSurplusSessions,
  SESSION_DAYS,
} from "./queries.ts"
import type { SignedIn } from "./shapes.ts"

type SignInDependencies = Pick<
  Dependencies,
  "config" | "sql" | "passwords" | "accessTokens" | "liveSessions" | "metrics"
>

/** A refresh token, and the seconds a browser is to keep it. */
export type Refreshed = { token: string; seconds: number }

/**
 * Begins a session by e-mail address and password. An unknown address and a wrong password get the same answer after
 * the same work; that an address is not verified is told only to who knows its password.
 */
export async function signIn(
  dependencies: SignInDependencies,
  given: { email: string; password: string },
  client: Client,
): Promise<{ body: SignedIn; refresh: Refreshed }> {
  const { config, sql, accessTokens, liveSessions } = dependencies
  // What is no address has no account; it is counted and takes its time like any other.
  const email = normaliseEmail(given.email) ?? given.email
  const account = await findAccount(sql, email, networkOf(client.address))
  const passwordHash = await checkPassword(dependencies, email, given.password, account, client).catch(
    (error) => {
      if (error instanceof Problem && error.slug === "wrong-credentials")
        dependencies.metrics?.signInsFailed.inc()
      throw error
    },
  )
  if (mailConfigured(config) && !account!.verified)
    throw new Problem(403, "email-not-verified", "Follow the link in the letter that was sent to you first.")
  const accountId = account!.id
  const begun = await sql.begin(async (sql) => {
    const session = await createSession(sql, { ...client, accountId, passwordHash })
    if (!session) return null
    return { ...session, surplus: await endSurplusSessions(sql, accountId), me: await readMe(sql, accountId) }
  })
  if (!begun?.me) throw wrongCredentials()
  liveSessions.forget(begun.surplus)
  return {
    body: {
      accessToken: await accessTokens.sign({ accountId, sessionId: begun.sessionId }),
      expiresIn: ACCESS_TOKEN_SECONDS,
      me: begun.me,
    },
    refresh: { token: begun.refreshToken, seconds: (SESSION_DAYS.idle + DELETION_TOLD_DAYS) * 24 * 3600 },
  }
}

/** Throws `wrong-credentials`, or 429 after too many of them. Returns the hash that the password has now. */
async function checkPassword(
  { sql, passwords }: SignInDependencies,
  email: string,
  password: string,
  account: AccountByEmail | null,
  { address }: Client,
): Promise<string> {
  if (account?.isSmoke) return checkSmokePassword(passwords, password, account)
  const network = networkOf(address)
  await charge(sql, LIMITS.signInsByNetwork, network)
  const guesses: [Limit, string][] = [
    [LIMITS.wrongPasswordsByNetwork, network],
    [LIMITS.wrongPasswordsByAccountAndNetwork, `${email} ${network}`],
  ]
  if (!account?.networkKnown) guesses.push([LIMITS.wrongPasswordsByAccount, email])
  // Counted before it is known whether they are wrong: many at the same moment would pass otherwise.
  for (const [limit, key] of guesses) await charge(sql, limit, key)
  const hash = account?.passwordHash ?? null
  if (!(await passwords.verify(password, hash)) || !account || hash === null) throw wrongCredentials()
  await refund(sql, guesses)
  if (!passwords.isOutdated(hash)) return hash
  const rehashed = await passwords.hash(password)
  return (await rehashPassword(sql, account.id, hash, rehashed)) ? rehashed : hash
}

/**
 * Without limits, which would let strangers make a release look broken; the hash is so cheap to verify that guesses,
 * hopeless against 32 random bytes, cost no more than any request.
 */
async function checkSmokePassword(
  passwords: SignInDependencies["passwords"],
  password: string,
  { passwordHash }: AccountByEmail,
): Promise<string> {
  if (passwordHash === null || !(await passwords.verify(password, passwordHash))) throw wrongCredentials()
  return passwordHash
}

const wrongCredentials = () =>
  new Problem(401, "wrong-credentials", "The e-mail address or the password is wrong.")
