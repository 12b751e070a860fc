import { t } from "../i18n/translate.ts"
import { ListDot } from "../lists/ListDot.tsx"
import { ListName, listName } from "../lists/ListName.tsx"
import { useUndo } from "../shell/undo.ts"
import { useSync } from "../sync/context.ts"
import type { Todo } from "../sync/rows.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/Menu.tsx"
import { moveToList } from "./changes.ts"
import "./ListField.css"

/** Which list a todo stands in, and the way to another. */
export function ListField(props: { todo: Todo }) {
  const sync = useSync()
  const undo = useUndo()
  const choices = () => [sync.inboxId() ?? "", ...sync.lists()].flatMap((id) => sync.list(id) ?? [])
  const current = () => sync.list(props.todo.listId)
  return (
    <Menu
      class="list-field"
      label={t("todos.listIs", { list: current() ? listName(current()!) : "" })}
      items={choices().map((list) => ({
        label: listName(list),
        mark: () =>
          list.isInbox ? <Icon name="inbox" width="16" height="16" /> : <ListDot colour={list.colour} />,
        checked: list.id === props.todo.listId,
        onSelect: () => {
          if (list.id === props.todo.listId) return
          undo.act(moveToList(sync, props.todo.id, list.id), t("todos.movedTo", { list: listName(list) }))
        },
      }))}
    >
      <ListName id={props.todo.listId} />
      <Icon name="chevron-down" width="16" height="16" />
    </Menu>
  )
}
