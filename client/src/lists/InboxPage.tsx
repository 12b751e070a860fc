import { useLocation } from "@solidjs/router"
import { onMount, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { PageHeading } from "../shell/PageHeading.tsx"
import { useSync } from "../sync/context.ts"
import { focusAddLine } from "../todos/add-line.ts"
import { Icon } from "../ui/Icon.tsx"
import { ListView } from "./ListView.tsx"

/** The list that everyone has. */
export default function InboxPage() {
  const sync = useSync()
  const location = useLocation<{ add?: boolean }>()
  onMount(() => location.state?.add && focusAddLine())
  return (
    <>
      <PageHeading title={t("lists.inbox")} mark={<Icon name="inbox" />} />
      <Show when={sync.list(sync.inboxId() ?? "")}>{(inbox) => <ListView list={inbox()} />}</Show>
    </>
  )
}
