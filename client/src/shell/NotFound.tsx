import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { ButtonLink } from "../ui/ButtonLink.tsx"
import { Notice } from "../ui/Notice.tsx"
import { createTitle } from "./title.ts"

/** An address that leads nowhere. */
export default function NotFound() {
  createTitle(() => t("shell.notFoundTitle"))
  return (
    <Notice
      title={t("shell.notFoundTitle")}
      text={t("shell.notFoundText")}
      action={
        <ButtonLink kind="primary" href={paths.inbox}>
          {t("shell.toTodos")}
        </ButtonLink>
      }
    />
  )
}
