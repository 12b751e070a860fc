import { Match, Switch } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Dialog } from "../ui/Dialog.tsx"
import { createMedia } from "../ui/media.ts"
import { useTodoSelection } from "./selection.ts"
import TodoDetail from "./TodoDetail.tsx"
import "./OpenTodo.css"

/** The details of a todo: beside the list where there is room, over it where there isn't. */
export default function OpenTodo(props: { id: string }) {
  const selection = useTodoSelection()
  const beside = createMedia("(width >= 68rem)")
  const phone = createMedia("(width < 48rem)")
  const { id } = props

  const close = () => {
    selection.close()
    queueMicrotask(() => document.querySelector<HTMLElement>(`[data-row="${id}"] [data-row-focus]`)?.focus())
  }
  return (
    <Switch>
      <Match when={beside()}>
        <aside
          class="open-todo-beside"
          aria-label={t("todos.details")}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || event.defaultPrevented) return
            event.preventDefault()
            close()
          }}
        >
          <TodoDetail id={id} onClose={close} />
        </aside>
      </Match>
      <Match when={!beside()}>
        <Dialog from={phone() ? "bottom" : "end"} label={t("todos.details")} onClose={close}>
          <TodoDetail id={id} onClose={close} />
        </Dialog>
      </Match>
    </Switch>
  )
}
