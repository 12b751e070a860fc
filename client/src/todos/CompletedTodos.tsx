import { createSignal, createUniqueId, Show } from "solid-js"
import { problemText } from "../api/problem-text.ts"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { toast } from "../ui/Toast.tsx"
import { TodoRows } from "./TodoRows.tsx"
import "./CompletedTodos.css"

/** What is done in a list, behind a line that opens; read when it is asked for. */
export function CompletedTodos(props: { listId: string }) {
  const sync = useSync()
  const id = createUniqueId()
  const [open, setOpen] = createSignal(false)
  const [reading, setReading] = createSignal(false)
  const ids = () => sync.completedTodos(props.listId)
  const read = () => sync.completedRead(props.listId)

  const readMore = async () => {
    setReading(true)
    try {
      await sync.loadCompleted(props.listId)
    } catch (error) {
      toast({ kind: "problem", message: problemText(error) })
    } finally {
      setReading(false)
    }
  }

  const toggle = () => {
    setOpen(!open())
    if (open() && !read()) void readMore()
  }

  return (
    <section class="completed-todos">
      <button
        type="button"
        class="completed-todos-toggle"
        aria-expanded={open()}
        aria-controls={id}
        onClick={toggle}
      >
        <Icon name="chevron-right" class="completed-todos-chevron" />
        {t("todos.completedHeading")}
      </button>
      <div id={id} hidden={!open()}>
        <Show when={open()}>
          <TodoRows ids={ids()} label={t("todos.completedHeading")} />
          <Show when={read() && ids().length === 0}>
            <p class="completed-todos-none">{t("todos.noneCompleted")}</p>
          </Show>
          <Show when={read()?.more || reading()}>
            <Button kind="quiet" busy={reading()} onClick={() => void readMore()}>
              {t(reading() ? "todos.reading" : "todos.showMore")}
            </Button>
          </Show>
        </Show>
      </div>
    </section>
  )
}
