import { Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Empty } from "../shell/Empty.tsx"
import { useSync } from "../sync/context.ts"
import type { List } from "../sync/rows.ts"
import { AddTodo } from "../todos/AddTodo.tsx"
import { CompletedTodos } from "../todos/CompletedTodos.tsx"
import { TodoRows } from "../todos/TodoRows.tsx"

/** What stands under a list's heading: the add line, what is open, what is done. */
export function ListView(props: { list: List }) {
  const sync = useSync()
  const open = () => sync.openTodos(props.list.id)
  return (
    <>
      <AddTodo listId={props.list.id} />
      <TodoRows ids={open()} label={t("todos.open")} movable />
      <Show when={sync.loaded() && open().length === 0 && sync.completedTodos(props.list.id).length === 0}>
        <Empty icon="check" title={t("lists.emptyTitle")} text={t("lists.emptyText")} />
      </Show>
      <CompletedTodos listId={props.list.id} />
    </>
  )
}
