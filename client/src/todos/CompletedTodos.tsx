import { createSignal, createUniqueId, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import { Icon } from "../ui/Icon.tsx"
import { TodoRows } from "./TodoRows.tsx"
import "./CompletedTodos.css"

/** What is done in a list, behind a line that opens. */
export function CompletedTodos(props: { listId: string }) {
  const sync = useSync()
  const id = createUniqueId()
  const [open, setOpen] = createSignal(false)
  const ids = () => sync.completedTodos(props.listId)

  return (
    <section class="completed-todos">
      <button
        type="button"
        class="completed-todos-toggle"
        aria-expanded={open()}
        aria-controls={id}
        onClick={() => setOpen(!open())}
      >
        <Icon name="chevron-right" class="completed-todos-chevron" />
        {t("todos.completedHeading")}
      </button>
      <div id={id} hidden={!open()}>
        <Show when={open()}>
          <TodoRows ids={ids()} label={t("todos.completedHeading")} />
          <Show when={sync.loaded() && ids().length === 0}>
            <p class="completed-todos-none">{t("todos.noneCompleted")}</p>
          </Show>
        </Show>
      </div>
    </section>
  )
}
