import { isKey, t } from "../i18n/translate.ts"
import { ApiProblem } from "./problem.ts"
import { problemText } from "./problem-text.ts"

/**
 * A failed submit in the reader's language: what belongs beside one of `fields` stands there, the rest above them.
 * The server names members by JSON pointer; a field has the name of the member it is sent as.
 */
export function explain(
  error: unknown,
  fields: string[],
): { faults: Record<string, string>; message?: string } {
  if (!(error instanceof ApiProblem)) return { faults: {}, message: problemText(error) }
  const faults: Record<string, string> = {}
  for (const { path, code } of error.errors) {
    const field = path.slice(1)
    if (fields.includes(field)) faults[field] ??= faultText(field, code)
  }
  if (error.slug === "wrong-password") {
    const field = fields.includes("currentPassword") ? "currentPassword" : "password"
    faults[field] = t("fault.wrong-password")
  }
  if (error.slug === "email-taken" && fields.includes("email")) faults.email = t("problem.email-taken")
  return Object.keys(faults).length > 0 ? { faults } : { faults, message: problemText(error) }
}

/** By the stable `code` of an input error; some fields have their own words for it. */
function faultText(field: string, code: string): string {
  const own = `fault.${field}-${code}`
  const general = `fault.${code}`
  return isKey(own)
    ? t(own as "fault.invalid")
    : isKey(general)
      ? t(general as "fault.invalid")
      : t("fault.invalid")
}
