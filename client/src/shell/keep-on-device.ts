import { createEffect, createRoot } from "solid-js"
import { colourBars } from "../device/bar-colour.ts"
import { persistOnChange } from "../device/persistence.ts"
import { keepPage } from "../device/worker.ts"
import { language, restOfTexts, t } from "../i18n/translate.ts"
import { me } from "../session/session.ts"
import { noteFailure } from "../sync/failures.ts"
import type { Sync } from "../sync/sync.ts"
import { standingToast } from "../ui/Toast.tsx"

let begun = false

/** What the page does for itself on this device once it is there, and before it is opened again. */
export function keepOnDevice(sync: Sync) {
  persistOnChange(sync.unanswered)
  createRoot(() =>
    createEffect(() => {
      const fault = sync.fault()
      if (fault) noteFailure("disk", fault)
    }),
  )
  if (begun) return
  begun = true
  createRoot(() => createEffect(() => colourBars(me()?.theme ?? "system")))
  keepPage({ language: language(), onNewer: offerNewVersion }).catch(console.warn)
}

/** Asks; nobody's page is taken from under their hands. */
async function offerNewVersion() {
  await restOfTexts()
  const reload = () => globalThis.location.reload()
  standingToast({ message: t("sync.newVersion"), action: { label: t("shell.reload"), run: reload } })
}
