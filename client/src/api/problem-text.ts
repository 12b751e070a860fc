import { formatWait } from "../i18n/dates.ts"
import { isKey, t } from "../i18n/translate.ts"
import { ApiProblem, NetworkFailure } from "./problem.ts"

/** What went wrong, in a sentence in the reader's language, for anything that a call to the API may throw. */
export function problemText(error: unknown): string {
  if (error instanceof NetworkFailure) return t("problem.unreachable")
  if (!(error instanceof ApiProblem)) return t("problem.unknown")
  if (error.slug === "too-many-requests") {
    return t("problem.too-many-requests", { wait: formatWait(error.retryAfter ?? 60) })
  }
  const key = `problem.${error.slug}`
  // A gateway's own answer while the server is away means the same as no answer.
  if (!error.slug && error.status >= 502) return t("problem.unreachable")
  return isKey(key) ? t(key as "problem.unknown") : t("problem.unknown")
}
