import { t } from "../i18n/translate.ts"
import { Button } from "../ui/Button.tsx"
import { Notice } from "../ui/Notice.tsx"

/** A fault of the page itself. */
export function Failure(props: { error: unknown }) {
  console.error(props.error)
  return (
    <Notice
      title={t("failure.title")}
      text={t("failure.text")}
      action={
        <Button kind="primary" onClick={() => location.reload()}>
          {t("failure.reload")}
        </Button>
      }
    />
  )
}
