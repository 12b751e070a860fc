import { batch, createMemo, createSignal, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { listName } from "../lists/ListName.tsx"
import { useUndo } from "../shell/undo.ts"
import { useSync } from "../sync/context.ts"
import { announce } from "../ui/announce.tsx"
import { createDragOrder } from "../ui/drag-order.ts"
import { createMedia } from "../ui/media.ts"
import { Rows } from "../ui/Rows.tsx"
import { complete, edit, moveToList, place, reopen, trash } from "./changes.ts"
import { createHeldRows } from "./held-rows.ts"
import { useTodoSelection } from "./selection.ts"
import { TodoItem } from "./TodoItem.tsx"
import "./TodoRows.css"

type Props = {
  ids: readonly string[]
  label?: string
  labelledBy?: string
  /** Rows may be put in another order. */
  movable?: boolean
  showList?: boolean
  hideDue?: boolean
}

/** Todos in rows, with everything that can be done to one: by pointer, by finger, by key. */
export function TodoRows(props: Props) {
  const sync = useSync()
  const undo = useUndo()
  const selection = useTodoSelection()
  const coarse = createMedia("(pointer: coarse)")
  let container: HTMLUListElement | undefined
  const [current, setCurrent] = createSignal<string>()
  const [editing, setEditing] = createSignal<string>()
  const rows = createHeldRows(() => props.ids, moveFocusOff)
  const reachable = createMemo(() => (rows.shown().includes(current()!) ? current() : rows.shown()[0]))

  const element = (id: string) => container?.querySelector<HTMLElement>(`:scope > [data-row="${id}"]`)
  const focusRow = (id: string | undefined) =>
    id !== undefined && element(id)?.querySelector<HTMLElement>("[data-row-focus]")?.focus()

  /** Rows are about to go: the focus goes on to the next one that stays. */
  function moveFocusOff(held: ReadonlySet<string>) {
    const focused = current()
    // One that was opened again stays.
    if (!focused || !held.has(focused) || props.ids.includes(focused)) return
    if (element(focused)?.contains(document.activeElement)) focusRow(staying(focused))
  }

  /** The next row that stays when `id` goes, else the one before. */
  function staying(id: string) {
    const ids = rows.shown()
    const at = ids.indexOf(id)
    const stays = (other: string) => other !== id && props.ids.includes(other)
    return ids.slice(at).find(stays) ?? ids.slice(0, at).findLast(stays)
  }

  function toggle(id: string, done?: boolean) {
    const todo = sync.todo(id)
    if (!todo || done === (todo.completedAt !== null)) return
    if (todo.completedAt) {
      undo.act(reopen(id))
      announce(t("todos.reopened", { title: todo.title }))
      return
    }
    batch(() => {
      rows.hold(id)
      undo.act(complete(id))
    })
    announce(t("todos.completed", { title: todo.title }))
  }

  function remove(id: string) {
    const next = staying(id)
    const hadFocus = element(id)?.contains(document.activeElement)
    undo.act(trash(id), t("todos.deleted"))
    if (hadFocus) focusRow(next)
  }

  function move(id: string, before: string | null) {
    const ids = props.ids
    const from = ids.indexOf(id)
    const to = before === null ? ids.length : ids.indexOf(before)
    if (from < 0 || to < 0 || to === from || to === from + 1) return
    const focused = element(id)?.contains(document.activeElement)
    undo.act(place(sync, id, before))
    announce(t("todos.moved", { position: props.ids.indexOf(id) + 1, count: ids.length }))
    // The last: it measures the page, which nothing changes after it.
    if (focused) focusRow(id)
  }

  function drop(id: string, listId: string) {
    const list = sync.list(listId)
    if (!list || sync.todo(id)?.listId === listId) return
    undo.act(moveToList(sync, id, listId), t("todos.movedTo", { list: listName(list) }))
  }

  const startDrag = createDragOrder({ container: () => container, onMove: move, onDrop: drop })

  /** To the row above or below; details that are shown follow. */
  function goOn(from: HTMLElement, by: 1 | -1) {
    const reached = step(from, by)
    if (reached && selection.id()) selection.open(reached)
  }

  function onKeyDown(event: KeyboardEvent) {
    const target = event.target as HTMLElement
    const id = target.closest<HTMLElement>("[data-row]")?.dataset.row
    if (!id || target.matches("input, textarea") || target.closest("[popover]")) return
    if (event.ctrlKey || event.metaKey) return
    const at = props.ids.indexOf(id)
    const onTitle = target.matches("[data-row-focus]")
    const act: Record<string, (() => unknown) | false | undefined> = event.altKey
      ? {
          ArrowUp: props.movable && at > 0 && (() => move(id, props.ids[at - 1]!)),
          ArrowDown:
            props.movable &&
            at >= 0 &&
            at < props.ids.length - 1 &&
            (() => move(id, props.ids[at + 2] ?? null)),
        }
      : {
          ArrowUp: () => goOn(target, -1),
          ArrowDown: () => goOn(target, 1),
          Enter: onTitle && (() => (sync.todo(id)?.completedAt ? selection.open(id) : setEditing(id))),
          F2: () => setEditing(id),
          " ": onTitle && (() => toggle(id)),
          Delete: () => remove(id),
          Backspace: () => remove(id),
          ArrowRight: onTitle && (() => selection.open(id, true)),
        }
    const run = act[event.key]
    if (!run) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys and presses are those of the controls in the rows.
    <div
      class="todo-rows"
      classList={{ "todo-rows-leaving": rows.leaving() }}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => props.movable && startDrag(event)}
      onFocusIn={(event) =>
        setCurrent((event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row)
      }
    >
      <Rows
        ref={(list) => {
          container = list
        }}
        ids={rows.shown()}
        anchor={current()}
        estimate={coarse() ? 48 : 36}
        label={props.label}
        labelledBy={props.labelledBy}
      >
        {(id) => (
          <Show when={sync.todo(id)}>
            {(todo) => (
              <TodoItem
                todo={todo()}
                reachable={reachable() === id}
                open={selection.id() === id}
                showList={props.showList}
                hideDue={props.hideDue}
                movable={props.movable}
                editing={editing() === id}
                onEdit={(on) => {
                  setEditing(on ? id : undefined)
                  if (!on) queueMicrotask(() => document.activeElement === document.body && focusRow(id))
                }}
                onToggle={(done) => toggle(id, done)}
                onOpen={(focus) => selection.open(id, focus)}
                onRename={(title) => undo.act(edit(id, { title }))}
                onDelete={() => remove(id)}
              />
            )}
          </Show>
        )}
      </Rows>
    </div>
  )
}

/** Moves the focus a row up or down, over the borders of groups; from the first up to the add line. Returns the row's id. */
function step(from: HTMLElement, by: 1 | -1): string | undefined {
  const stops = Array.from(
    document.querySelectorAll<HTMLElement>("main [data-row-focus], main [data-row-start]"),
  )
  const row = from.closest("[data-row]")
  const at = stops.findIndex((stop) => row?.contains(stop))
  const stop = stops[at + by]
  stop?.focus()
  return stop?.closest<HTMLElement>("[data-row]")?.dataset.row
}
