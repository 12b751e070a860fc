import { A } from "@solidjs/router"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { GuestPage } from "./GuestPage.tsx"

/** A letter's link without its token: cut off by a mail program, or opened a second time from the history. */
export function LinkMissing() {
  return (
    <GuestPage
      title={t("link.missingTitle")}
      text={t("link.missingText")}
      foot={<A href={paths.signIn}>{t("forgot.back")}</A>}
    />
  )
}
