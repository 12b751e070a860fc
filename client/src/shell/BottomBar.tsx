import { A, useLocation } from "@solidjs/router"
import { Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { useAddLine } from "../todos/add-line.ts"
import { Icon } from "../ui/Icon.tsx"
import "./BottomBar.css"

/** The four places a thumb wants, and the way to add from anywhere. */
export function BottomBar(props: { onMenu: () => void }) {
  const focusAddLine = useAddLine()
  const location = useLocation()
  const amongTodos = () => !location.pathname.startsWith(paths.settings)
  return (
    <>
      <Show when={amongTodos()}>
        <button
          type="button"
          class="bottom-bar-add"
          aria-label={t("todos.addPlaceholder")}
          onClick={focusAddLine}
        >
          <Icon name="add" width="24" height="24" />
        </button>
      </Show>
      <nav class="bottom-bar" aria-label={t("shell.bottomBar")}>
        <A class="bottom-bar-item" href={paths.inbox} end>
          <Icon name="inbox" />
          <span class="bottom-bar-text">{t("lists.inboxShort")}</span>
        </A>
        <A class="bottom-bar-item" href={paths.today} end>
          <Icon name="today" />
          <span class="bottom-bar-text">{t("todos.today")}</span>
        </A>
        <A class="bottom-bar-item" href={paths.upcoming} end>
          <Icon name="upcoming" />
          <span class="bottom-bar-text">{t("todos.upcoming")}</span>
        </A>
        <button type="button" class="bottom-bar-item" aria-haspopup="dialog" onClick={() => props.onMenu()}>
          <Icon name="menu" />
          <span class="bottom-bar-text">{t("lists.lists")}</span>
        </button>
      </nav>
    </>
  )
}
