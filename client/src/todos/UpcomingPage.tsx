import { createMemo, For, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Empty } from "../shell/Empty.tsx"
import { PageHeading } from "../shell/PageHeading.tsx"
import { useSync } from "../sync/context.ts"
import { Icon } from "../ui/Icon.tsx"
import { dayHeading } from "./due-text.ts"
import { dueOn } from "./due-todos.ts"
import { TodoGroup } from "./TodoGroup.tsx"
import { TodoRows } from "./TodoRows.tsx"
import { useToday } from "./today.ts"

/** What is due after today, day by day. */
export default function UpcomingPage() {
  const sync = useSync()
  const today = useToday()
  const days = createMemo(() =>
    sync.dueDates().filter((date) => date > today() && dueOn(sync, date).length > 0),
  )
  return (
    <>
      <PageHeading title={t("todos.upcoming")} mark={<Icon name="upcoming" />} />
      <For each={days()}>
        {(date) => (
          <TodoGroup title={dayHeading(date, today()).name} note={dayHeading(date, today()).date}>
            {(id) => <TodoRows ids={dueOn(sync, date)} labelledBy={id} showList hideDue />}
          </TodoGroup>
        )}
      </For>
      <Show when={sync.loaded() && days().length === 0}>
        <Empty icon="upcoming" title={t("todos.upcomingEmptyTitle")} text={t("todos.upcomingEmptyText")} />
      </Show>
    </>
  )
}
