import { useNavigate } from "@solidjs/router"
import { createSignal, For, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { useUndo } from "../shell/undo.ts"
import { useSync } from "../sync/context.ts"
import { announce } from "../ui/announce.tsx"
import { createDragOrder } from "../ui/drag-order.ts"
import { Icon } from "../ui/Icon.tsx"
import { add, place } from "./changes.ts"
import { ListDot } from "./ListDot.tsx"
import { NameEditor } from "./NameEditor.tsx"
import { SidebarList } from "./SidebarList.tsx"
import "./SidebarLists.css"

/** A person's lists in their order, the way to a new one, and those put away. */
export function SidebarLists() {
  const sync = useSync()
  const undo = useUndo()
  const navigate = useNavigate()
  const [adding, setAdding] = createSignal(false)
  let container!: HTMLUListElement

  const move = (id: string, before: string | null) => {
    undo.act(place(sync, id, before))
    announce(t("lists.moved", { position: sync.lists().indexOf(id) + 1, count: sync.lists().length }))
  }
  const startDrag = createDragOrder({ container: () => container, onMove: move })

  const onKeyDown = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row
    if (!id || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return
    event.preventDefault()
    const ids = sync.lists()
    const at = ids.indexOf(id)
    if (event.key === "ArrowUp" && at > 0) move(id, ids[at - 1]!)
    if (event.key === "ArrowDown" && at < ids.length - 1) move(id, ids[at + 2] ?? null)
    container.querySelector<HTMLElement>(`[data-row="${id}"] a`)?.focus()
  }

  const finish = (name: string | null) => {
    setAdding(false)
    if (!name) return
    const changes = add(sync, name)
    undo.act(changes)
    navigate(paths.list(changes[0]!.key))
  }

  return (
    <section class="sidebar-lists" aria-labelledby="sidebar-lists-title">
      <div class="sidebar-lists-head">
        <h2 id="sidebar-lists-title" class="sidebar-lists-title">
          {t("lists.lists")}
        </h2>
        <button
          type="button"
          class="sidebar-lists-add"
          aria-label={t("lists.add")}
          onClick={() => setAdding(true)}
        >
          <Icon name="add" />
        </button>
      </div>
      <ul ref={container} class="sidebar-lists-rows" onKeyDown={onKeyDown} onPointerDown={startDrag}>
        <For each={sync.lists()}>
          {(id) => <Show when={sync.list(id)}>{(list) => <SidebarList list={list()} />}</Show>}
        </For>
        <Show when={adding()}>
          <li class="sidebar-lists-new">
            <ListDot colour="grey" />
            <NameEditor name="" label={t("lists.newName")} placeholder={t("lists.newName")} onDone={finish} />
          </li>
        </Show>
      </ul>
      <Show when={sync.loaded() && sync.lists().length === 0 && !adding()}>
        <button type="button" class="sidebar-lists-first" onClick={() => setAdding(true)}>
          {t("lists.addFirst")}
        </button>
      </Show>
      <Show when={sync.archivedLists().length > 0}>
        <details class="sidebar-lists-archived">
          <summary class="sidebar-lists-summary">
            <Icon name="chevron-right" width="16" height="16" />
            {t("lists.archivedLists")}
          </summary>
          <ul class="sidebar-lists-rows">
            <For each={sync.archivedLists()}>
              {(id) => <Show when={sync.list(id)}>{(list) => <SidebarList list={list()} />}</Show>}
            </For>
          </ul>
        </details>
      </Show>
    </section>
  )
}
