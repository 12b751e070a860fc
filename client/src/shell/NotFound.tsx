import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { ButtonLink } from "../ui/ButtonLink.tsx"
import { Notice } from "../ui/Notice.tsx"

export default function NotFound() {
  return (
    <Notice
      title={t("notFound.title")}
      text={t("notFound.text")}
      action={
        <ButtonLink kind="primary" href={paths.welcome}>
          {t("notFound.home")}
        </ButtonLink>
      }
    />
  )
}
