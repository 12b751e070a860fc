import { createEffect, createMemo, lazy, Match, on, onMount, Show, Suspense, Switch } from "solid-js"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import { Dialog } from "../ui/Dialog.tsx"
import { createMedia } from "../ui/media.ts"
import { useTodoSelection } from "./selection.ts"
import "./TodoPane.css"

/** Not needed for the first screen; fetched when that is done, so that it is there when it is wanted. */
const TodoDetail = lazy(() => import("./TodoDetail.tsx"))

/** The details of the chosen todo: beside the list where there is room, over it where there isn't. */
export function TodoPane() {
  const sync = useSync()
  const selection = useTodoSelection()
  const beside = createMedia("(width >= 68rem)")
  const phone = createMedia("(width < 48rem)")
  const todo = createMemo(() => sync.todo(selection.id() ?? ""))

  onMount(() => setTimeout(() => void TodoDetail.preload(), 1_000))

  const close = () => {
    const id = selection.id()
    selection.close()
    queueMicrotask(() => document.querySelector<HTMLElement>(`[data-row="${id}"] [data-row-focus]`)?.focus())
  }
  // Deleted, here or elsewhere: there is nothing more to show.
  createEffect(
    on(
      () => todo()?.trashedAt,
      (trashed) => trashed && selection.close(),
      { defer: true },
    ),
  )

  return (
    <Show when={todo() && !todo()!.trashedAt && todo()!.id} keyed>
      {(id) => (
        <Switch>
          <Match when={beside()}>
            <aside
              class="todo-pane-beside"
              aria-label={t("todos.details")}
              onKeyDown={(event) => {
                if (event.key !== "Escape" || event.defaultPrevented) return
                event.preventDefault()
                close()
              }}
            >
              <Suspense>
                <TodoDetail id={id} onClose={close} />
              </Suspense>
            </aside>
          </Match>
          <Match when={!beside()}>
            <Dialog from={phone() ? "bottom" : "end"} label={t("todos.details")} onClose={close}>
              <Suspense>
                <TodoDetail id={id} onClose={close} />
              </Suspense>
            </Dialog>
          </Match>
        </Switch>
      )}
    </Show>
  )
}
