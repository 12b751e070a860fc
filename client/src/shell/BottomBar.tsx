import { A } from "@solidjs/router"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { useAddLine } from "../todos/add-line.ts"
import { Icon } from "../ui/Icon.tsx"
import "./BottomBar.css"

/** The four places a thumb wants, and the way to add from anywhere. */
export function BottomBar(props: { onMenu: () => void }) {
  const focusAddLine = useAddLine()
  return (
    <>
      <button
        type="button"
        class="bottom-bar-add"
        aria-label={t("todos.addPlaceholder")}
        onClick={focusAddLine}
      >
        <Icon name="add" width="24" height="24" />
      </button>
      <nav class="bottom-bar" aria-label={t("shell.bottomBar")}>
        <A class="bottom-bar-item" href={paths.inbox} end>
          <Icon name="inbox" />
          {t("lists.inbox")}
        </A>
        <A class="bottom-bar-item" href={paths.today} end>
          <Icon name="today" />
          {t("todos.today")}
        </A>
        <A class="bottom-bar-item" href={paths.upcoming} end>
          <Icon name="upcoming" />
          {t("todos.upcoming")}
        </A>
        <button type="button" class="bottom-bar-item" aria-haspopup="dialog" onClick={() => props.onMenu()}>
          <Icon name="menu" />
          {t("lists.lists")}
        </button>
      </nav>
    </>
  )
}
