import { createMemo, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Empty } from "../shell/Empty.tsx"
import { PageHeading } from "../shell/PageHeading.tsx"
import { useSync } from "../sync/context.ts"
import { Icon } from "../ui/Icon.tsx"
import { AddTodo } from "./AddTodo.tsx"
import { formatDate } from "./due-text.ts"
import { dueOn, overdue } from "./due-todos.ts"
import { TodoGroup } from "./TodoGroup.tsx"
import { TodoRows } from "./TodoRows.tsx"
import { useToday } from "./today.ts"

/** What is due today, and what should have been done before. */
export default function TodayPage() {
  const sync = useSync()
  const today = useToday()
  const late = createMemo(() => overdue(sync, today()))
  const due = createMemo(() => dueOn(sync, today()))
  return (
    <>
      <PageHeading
        title={t("todos.today")}
        mark={<Icon name="today" />}
        note={formatDate(today(), { weekday: "long", day: "numeric", month: "long" })}
      />
      <Show when={sync.inboxId()}>
        {(inbox) => <AddTodo listId={inbox()} fields={{ dueDate: today() }} />}
      </Show>
      <TodoRows ids={due()} label={t("todos.today")} showList hideDue />
      <Show when={late().length > 0}>
        <TodoGroup title={t("todos.overdue")} late>
          {(id) => <TodoRows ids={late()} labelledBy={id} showList />}
        </TodoGroup>
      </Show>
      <Show when={sync.loaded() && due().length === 0 && late().length === 0}>
        <Empty icon="today" title={t("todos.todayEmptyTitle")} text={t("todos.todayEmptyText")} />
      </Show>
    </>
  )
}
