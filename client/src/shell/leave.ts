import { problemText } from "../api/problem-text.ts"
import { restOfTexts, t } from "../i18n/translate.ts"
import { me, signOut } from "../session/session.ts"
import { forgetAccount } from "../sync/browser.ts"
import { forgetFailures } from "../sync/failures.ts"
import type { Sync } from "../sync/sync.ts"
import { toast } from "../ui/Toast.tsx"

/** Signs out, and takes from this device what it held; asks first if something would be lost with it. */
export async function leave(sync: Sync) {
  const id = me()!.id
  try {
    const unsent = sync.unanswered() + sync.refused().length
    if (unsent > 0) await restOfTexts()
    if (unsent > 0 && !confirm(t("sync.signOutUnsent", { count: unsent }))) return
    await signOut()
    await forgetAccount(id)
    forgetFailures()
  } catch (error) {
    await restOfTexts().catch(() => {})
    toast({ kind: "problem", message: problemText(error) })
  }
}
