import { Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import type { List } from "../sync/rows.ts"
import { Icon } from "../ui/Icon.tsx"
import { ListDot } from "./ListDot.tsx"
import "./ListName.css"

/** The name a new account's Inbox has; while it has that, it is shown in the reader's language. */
const INBOX_NAME = "Inbox"

export const listName = (list: Pick<List, "name" | "isInbox">) =>
  list.isInbox && list.name === INBOX_NAME ? t("lists.inbox") : list.name

/** A list's dot and name, in a line of other facts. */
export function ListName(props: { id: string }) {
  const sync = useSync()
  return (
    <Show when={sync.list(props.id)}>
      {(list) => (
        <span class="list-name">
          <Show when={!list().isInbox} fallback={<Icon name="inbox" class="list-name-inbox" />}>
            <ListDot colour={list().colour} />
          </Show>
          <span class="list-name-text">{listName(list())}</span>
        </span>
      )}
    </Show>
  )
}
