import { isKey, restOfTexts, t } from "../i18n/translate.ts"
import type { Queued } from "../sync/disk.ts"
import { toast } from "../ui/Toast.tsx"

/** Why a change waits for the person, in a sentence. */
export function reasonText({ problem }: Queued): string {
  if (!problem) return t("refused.newer")
  const key = `refused.${problem.code}`
  return isKey(key) ? t(key as "refused.unknown") : t("refused.unknown")
}

/** Says that changes were refused, and why the first of them was. */
export async function tellRefused(refused: readonly Queued[]) {
  await restOfTexts()
  const reason = reasonText(refused[0]!)
  toast({ kind: "problem", message: t("sync.wasRefused", { count: refused.length, reason }) })
}
