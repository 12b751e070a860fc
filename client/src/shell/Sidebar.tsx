import { t } from "../i18n/translate.ts"
import { SidebarLists } from "../lists/SidebarLists.tsx"
import { paths } from "../paths.ts"
import { useSync } from "../sync/context.ts"
import { createDueCount } from "../todos/due-todos.ts"
import { useToday } from "../todos/today.ts"
import { Icon } from "../ui/Icon.tsx"
import { Person } from "./Person.tsx"
import { SidebarLink } from "./SidebarLink.tsx"
import "./Sidebar.css"

/** Every place there is: the person, what is due, the lists, and at the foot what is seldom wanted. */
export function Sidebar(props: { onShortcuts: () => void }) {
  const sync = useSync()
  const today = useToday()
  const dueCount = createDueCount(sync, today)
  return (
    <nav class="sidebar" aria-label={t("shell.places")}>
      <Person onShortcuts={props.onShortcuts} />
      <ul class="sidebar-group">
        <li>
          <SidebarLink href={paths.search} mark={<Icon name="search" />}>
            {t("todos.search")}
          </SidebarLink>
        </li>
        <li data-drop={sync.inboxId()} class="sidebar-drop">
          <SidebarLink
            href={paths.inbox}
            mark={<Icon name="inbox" />}
            count={sync.openCount(sync.inboxId() ?? "")}
          >
            {t("lists.inbox")}
          </SidebarLink>
        </li>
        <li>
          <SidebarLink href={paths.today} mark={<Icon name="today" />} count={dueCount()}>
            {t("todos.today")}
          </SidebarLink>
        </li>
        <li>
          <SidebarLink href={paths.upcoming} mark={<Icon name="upcoming" />}>
            {t("todos.upcoming")}
          </SidebarLink>
        </li>
      </ul>
      <SidebarLists />
      <ul class="sidebar-group sidebar-foot">
        <li>
          <SidebarLink href={paths.trash} mark={<Icon name="delete" />}>
            {t("todos.trash")}
          </SidebarLink>
        </li>
        <li>
          <SidebarLink href={paths.settings} wide mark={<Icon name="settings" />}>
            {t("shell.settings")}
          </SidebarLink>
        </li>
      </ul>
    </nav>
  )
}
