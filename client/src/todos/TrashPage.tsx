import { createMemo, For, type JSX, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { restore as restoreList } from "../lists/changes.ts"
import { ListDot } from "../lists/ListDot.tsx"
import { ListName } from "../lists/ListName.tsx"
import { Empty } from "../shell/Empty.tsx"
import { PageHeading } from "../shell/PageHeading.tsx"
import { useUndo } from "../shell/undo.ts"
import { useSync } from "../sync/context.ts"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { Rows } from "../ui/Rows.tsx"
import { restore } from "./changes.ts"
import { PriorityMark } from "./TodoCheck.tsx"
import { TodoGroup } from "./TodoGroup.tsx"
import "./TrashPage.css"

/** What was deleted in the last 30 days, and the way back. */
export default function TrashPage() {
  const sync = useSync()
  const undo = useUndo()
  /** Those of a deleted list come back with it. */
  const todos = createMemo(() =>
    sync.trashedTodos().filter((id) => !sync.list(sync.todo(id)?.listId ?? "")?.trashedAt),
  )

  return (
    <>
      <PageHeading title={t("todos.trash")} mark={<Icon name="delete" />} note={t("todos.trashNote")} />
      <Show when={sync.trashedLists().length > 0}>
        <TodoGroup title={t("lists.lists")}>
          {(id) => (
            <ul class="trash-page-rows" aria-labelledby={id}>
              <For each={sync.trashedLists()}>
                {(listId) => (
                  <Show when={sync.list(listId)}>
                    {(list) => (
                      <TrashRow
                        id={listId}
                        mark={<ListDot colour={list().colour} />}
                        name={list().name}
                        onRestore={() =>
                          undo.act(restoreList(listId), t("lists.restored", { list: list().name }))
                        }
                      />
                    )}
                  </Show>
                )}
              </For>
            </ul>
          )}
        </TodoGroup>
      </Show>
      <Show when={todos().length > 0}>
        <TodoGroup title={t("todos.todos")}>
          {(id) => (
            <Rows class="trash-page-rows" ids={todos()} estimate={44} labelledBy={id}>
              {(todoId) => (
                <Show when={sync.todo(todoId)}>
                  {(todo) => (
                    <TrashRow
                      id={todoId}
                      mark={<PriorityMark priority={todo().priority} done={todo().completedAt !== null} />}
                      name={todo().title}
                      fact={<ListName id={todo().listId} />}
                      onRestore={() => undo.act(restore(todoId), t("todos.restored"))}
                    />
                  )}
                </Show>
              )}
            </Rows>
          )}
        </TodoGroup>
      </Show>
      <Show when={sync.loaded() && todos().length === 0 && sync.trashedLists().length === 0}>
        <Empty icon="delete" title={t("todos.trashEmptyTitle")} text={t("todos.trashEmptyText")} />
      </Show>
    </>
  )
}

function TrashRow(props: {
  id: string
  mark: JSX.Element
  name: string
  fact?: JSX.Element
  onRestore: () => void
}) {
  return (
    <li class="trash-page-row" data-row={props.id}>
      <span class="trash-page-mark">{props.mark}</span>
      <span class="trash-page-name">{props.name}</span>
      <span class="trash-page-fact">{props.fact}</span>
      <Button
        kind="quiet"
        aria-label={t("todos.restoreTitle", { title: props.name })}
        onClick={() => props.onRestore()}
      >
        {t("todos.restore")}
      </Button>
    </li>
  )
}
