import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { Notice } from "../ui/Notice.tsx"

export default function NotFound() {
  return (
    <Notice
      title={t("notFound.title")}
      text={t("notFound.text")}
      action={
        <a class="button button-primary" href={paths.welcome}>
          {t("notFound.home")}
        </a>
      }
    />
  )
}
