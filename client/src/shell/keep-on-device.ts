import { keepPage } from "../device/worker.ts"
import { restOfTexts, t } from "../i18n/translate.ts"
import type { Sync } from "../sync/sync.ts"
import { standingToast } from "../ui/Toast.tsx"

let pageKept: Promise<void> | undefined

/** Sees to it, once the page is there, that it can be opened again without a network. */
export function keepOnDevice(_sync: Sync) {
  pageKept ??= keepPage(offerNewVersion).catch(console.warn)
  return pageKept
}

/** Asks; nobody's page is taken from under their hands. */
async function offerNewVersion() {
  await restOfTexts()
  const reload = () => globalThis.location.reload()
  standingToast({ message: t("sync.newVersion"), action: { label: t("shell.reload"), run: reload } })
}
