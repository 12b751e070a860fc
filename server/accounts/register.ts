import { mailConfigured } from "../config.ts"
import type { Sql } from "../database/connect.ts"
import type { Dependencies } from "../dependencies.ts"
import { LIMITS } from "../limits/limits.ts"
import { networkOf } from "../limits/networks.ts"
import { charge } from "../limits/queries.ts"
import { Problem } from "../problems.ts"
import { inEvenTime } from "./even-time.ts"
import { givenEmail } from "./given-email.ts"
import { chargeLetter } from "./letter-limits.ts"
import { checkNewPassword } from "./new-password.ts"
import { givenProfile } from "./profile.ts"
import {
  type AccountByEmail,
  createAccount,
  disownPassword,
  findAccount,
  lockAccount,
  type NewAccount,
  updateAccount,
} from "./queries.ts"
import type { Registration } from "./shapes.ts"

type RegisterDependencies = Pick<Dependencies, "config" | "sql" | "letters" | "passwords">
type Applicant = Pick<NewAccount, "email" | "name" | "language" | "timeZone">

/**
 * Registers an account. Where no letters can be sent it is active at once. Where they can, the answer and its
 * time are the same whatever the address is behind; a letter tells its owner.
 */
export async function register(
  dependencies: RegisterDependencies,
  given: Registration,
  address: string,
): Promise<"verification-sent" | "active"> {
  const { config, sql, passwords } = dependencies
  if (config.registration === "closed")
    throw new Problem(403, "registration-closed", "This installation takes no new accounts.")
  const { name, language = "en", timeZone = "UTC" } = givenProfile(given)
  const applicant = { email: givenEmail(given.email), name, language, timeZone }
  await checkNewPassword(given.password, applicant.email)
  const network = networkOf(address)
  await charge(sql, LIMITS.registrationsByNetwork, network)
  if (mailConfigured(config)) {
    await chargeLetter(sql, applicant.email, network, await findAccount(sql, applicant.email, network))
    await registerByLetter(dependencies, applicant, given.password, network)
    return "verification-sent"
  }
  const passwordHash = await passwords.hash(given.password)
  const id = await sql.begin((sql) => createAccount(sql, { ...applicant, passwordHash, verified: true }))
  if (id === null) throw Problem.conflict("email-taken", "That address has an account already.")
  return "active"
}

async function registerByLetter(
  dependencies: RegisterDependencies,
  applicant: Applicant,
  password: string,
  network: string,
) {
  const { sql, passwords } = dependencies
  // The hash is made outside the transaction; if another request changed the account meanwhile, once more.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const known = await findAccount(sql, applicant.email, network)
    // One hash or one verification, which take as long, whatever the address is behind.
    const unverified = known !== null && !known.verified
    const isSame = unverified && (await passwords.verify(password, known.passwordHash))
    const passwordHash = unverified ? null : await passwords.hash(password)
    const settled = await inEvenTime(() =>
      sql.begin((sql) =>
        passwordHash !== null && known === null
          ? registerFirst(sql, dependencies, { ...applicant, passwordHash, verified: false })
          : registerAgain(sql, dependencies, applicant, known!, isSame),
      ),
    )
    if (settled) return
  }
  throw Problem.tooManyRequests(1)
}

async function registerFirst(sql: Sql, { letters }: RegisterDependencies, account: NewAccount) {
  const accountId = await createAccount(sql, account)
  if (accountId === null) return false
  await letters.enqueue(sql, { kind: "verify-email", accountId })
  return true
}

/**
 * An address that was registered but not verified may have been registered by a stranger, who would know the
 * password once its owner follows a link ("pre-hijacking": Sudhodanan and Paverd, USENIX Security 2022). So registering
 * it again with the same password is the same person, who gets another link; with another one, the password is
 * no one's from then on, earlier links are void, and whoever reads the mailbox chooses one by letter.
 */
async function registerAgain(
  sql: Sql,
  { letters }: RegisterDependencies,
  { email, ...profile }: Applicant,
  known: AccountByEmail,
  isSame: boolean,
) {
  const account = await lockAccount(sql, email)
  if (account?.verified !== known.verified || account.passwordHash !== known.passwordHash) return false
  if (account.verified) {
    await letters.enqueue(sql, { kind: "registration-attempted", accountId: account.id })
    return true
  }
  await updateAccount(sql, account.id, profile)
  if (!isSame) await disownPassword(sql, account.id)
  await letters.enqueue(sql, { kind: isSame ? "verify-email" : "reset-password", accountId: account.id })
  return true
}
