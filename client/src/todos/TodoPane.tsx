import { createEffect, createMemo, on, onMount, Show, Suspense } from "solid-js"
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts"
import { useSync } from "../sync/context.ts"
import { useTodoSelection } from "./selection.ts"

/** Not needed for the first screen; fetched when that is done, so that it is there when it is wanted. */
const OpenTodo = lazyWithTexts(() => import("./OpenTodo.tsx"))

/** The details of the chosen todo, if one is chosen and there. */
export function TodoPane() {
  const sync = useSync()
  const selection = useTodoSelection()
  const todo = createMemo(() => sync.todo(selection.id() ?? ""))

  onMount(() => setTimeout(() => void OpenTodo.preload(), 1_000))
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
        <Suspense>
          <OpenTodo id={id} />
        </Suspense>
      )}
    </Show>
  )
}
