import { t } from "../i18n/translate.ts"
import { Button } from "../ui/Button.tsx"
import "./PastedLines.css"

/** Offers to make several todos of several lines. */
export default function PastedLines(props: {
  id: string
  count: number
  onAll: () => void
  onOne: () => void
}) {
  return (
    <div class="pasted-lines">
      <p id={props.id} class="pasted-lines-hint">
        {t("todos.pastedLines", { count: props.count })}
      </p>
      <Button kind="primary" onClick={props.onAll}>
        {t("todos.addMany", { count: props.count })}
      </Button>
      <Button kind="quiet" onClick={props.onOne}>
        {t("todos.addAsOne")}
      </Button>
    </div>
  )
}
