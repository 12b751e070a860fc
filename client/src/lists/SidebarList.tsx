import { createSignal, Show } from "solid-js"
import { paths } from "../paths.ts"
import { SidebarLink } from "../shell/SidebarLink.tsx"
import { useUndo } from "../shell/undo.ts"
import { useSync } from "../sync/context.ts"
import type { List } from "../sync/rows.ts"
import { Icon } from "../ui/Icon.tsx"
import { edit } from "./changes.ts"
import { ListDot } from "./ListDot.tsx"
import { ListMenu } from "./ListMenu.tsx"
import { NameEditor } from "./NameEditor.tsx"
import "./SidebarList.css"

/** One list in the sidebar: the way to it, and what can be done to it. */
export function SidebarList(props: { list: List }) {
  const sync = useSync()
  const undo = useUndo()
  const [renaming, setRenaming] = createSignal(false)
  return (
    <li
      class="sidebar-list"
      data-row={props.list.archivedAt ? undefined : props.list.id}
      data-drop={props.list.archivedAt ? undefined : props.list.id}
    >
      <Show
        when={!renaming()}
        fallback={
          <div class="sidebar-list-name">
            <ListDot colour={props.list.colour} />
            <NameEditor
              name={props.list.name}
              onDone={(name) => {
                setRenaming(false)
                if (name) undo.act(edit(props.list.id, { name }))
              }}
            />
          </div>
        }
      >
        <span class="sidebar-list-handle" data-handle>
          <Icon name="handle" width="16" height="16" />
        </span>
        <SidebarLink
          href={paths.list(props.list.id)}
          mark={<ListDot colour={props.list.colour} />}
          count={sync.openCount(props.list.id)}
        >
          {props.list.name}
        </SidebarLink>
        <span class="sidebar-list-more">
          <ListMenu list={props.list} onRename={() => setRenaming(true)} />
        </span>
      </Show>
    </li>
  )
}
