import type { StoreHash } from "./account.ts"
import { createTodo, deleteTodo, findTodo, signOut } from "./api.ts"
import { checkCertificate, checkRedirect } from "./certificate.ts"
import { checkHealth, checkLive, DatabaseAway } from "./health.ts"
import type { Outside } from "./outside.ts"
import { checkHeaders, checkPage } from "./page.ts"
import { type SmokeCheck, type SmokeReport, worseThan } from "./report.ts"
import { newPassword, signInAmongOthers } from "./session.ts"

export type SmokeOptions = {
  /**
   * Stores the hash of this run's password for the smoke account, in whatever way reaches the database. Without it the
   * checks that sign in are skipped, with the reason given.
   */
  storeHash: StoreHash | { missing: string }
  /** What the release before showed: the report then says what is worse. */
  baseline?: Pick<SmokeReport, "checks"> | undefined
  /** Told of each check as it ends. */
  onCheck?: (check: SmokeCheck) => void
}

const SIGNED_IN = ["sign in", "create", "list", "delete", "sign out"]

/**
 * Looks at a deployment from outside, as its users meet it. Each request has a bound of ten seconds, and storing the hash
 * has its own. Never rejects for what the deployment does.
 */
export async function smoke(
  outside: Outside,
  { storeHash, baseline, onCheck }: SmokeOptions,
): Promise<SmokeReport> {
  const report: SmokeReport = { ok: true, checks: [], skipped: [] }
  const note = (check: SmokeCheck) => {
    report.checks.push(check)
    onCheck?.(check)
  }
  /** What `work` resolved to, told by `say` if it is no sentence itself; undefined if it failed. */
  const check: Check = async (name, work, say) => {
    const started = performance.now()
    try {
      const found = await work()
      note({ name, ok: true, detail: say ?? String(found), milliseconds: performance.now() - started })
      return found
    } catch (error) {
      note({ name, ok: false, detail: (error as Error).message, milliseconds: performance.now() - started })
      if (error instanceof DatabaseAway) away = true
    }
  }
  let away = false

  for (const domain of outside.domains) {
    await check(`certificate ${domain}`, () => checkCertificate(outside, domain))
    await check(`redirect ${domain}`, () => checkRedirect(outside, domain))
  }
  await check("live", () => checkLive(outside))
  await check("health", () => checkHealth(outside))
  await check("page", () => checkPage(outside))
  await check("headers", () => checkHeaders(outside))

  const skip = (names: string[], why: string) => report.skipped.push(...names.map((name) => ({ name, why })))
  if (away) skip(["account", ...SIGNED_IN], "the database is away")
  else if ("missing" in storeHash) skip(["account", ...SIGNED_IN], storeHash.missing)
  else await checkSignedIn(outside, storeHash, check, skip)

  report.ok = report.checks.every(({ ok }) => ok)
  if (baseline) report.worse = worseThan(baseline, report)
  return report
}

type Check = <T>(name: string, work: () => Promise<T>, say?: string) => Promise<T | undefined>

async function checkSignedIn(
  outside: Outside,
  storeHash: StoreHash,
  check: Check,
  skip: (names: string[], why: string) => void,
) {
  const password = await check("account", () => newPassword(storeHash), "has a new password")
  if (password === undefined) return skip(SIGNED_IN, "the smoke account could not be prepared")
  const session = await check("sign in", () => signInAmongOthers(outside, password, storeHash), "signed in")
  if (!session) return skip(SIGNED_IN.slice(1), "signing in failed")
  const todo = await check("create", () => createTodo(session), "a todo")
  if (todo) {
    await check("list", () => findTodo(session, todo), "it is there")
    await check("delete", () => deleteTodo(session, todo), "it is in the trash")
  } else skip(["list", "delete"], "there is nothing to list or delete")
  await check("sign out", () => signOut(session), "signed out")
}
