import { batch, createEffect, createMemo, createSignal, on, onCleanup, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { ListName } from "../lists/ListName.tsx"
import type { Todo } from "../sync/rows.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/Menu.tsx"
import { TITLE_MAXIMUM } from "./changes.ts"
import { DueText } from "./DueText.tsx"
import { TodoCheck } from "./TodoCheck.tsx"
import "./TodoItem.css"

type Props = {
  todo: Todo
  /** Whether Tab stops at it: one row of a list at a time. */
  reachable: boolean
  /** Whether its details are shown beside the list. */
  open: boolean
  /** Says which list it stands in. */
  showList?: boolean
  /** Whether the group it stands in has said when it is due. */
  hideDue?: boolean
  /** Whether it may be dragged; with a hand over it the handle is shown. */
  movable?: boolean
  editing: boolean
  onEdit: (editing: boolean) => void
  onToggle: (done: boolean) => void
  /** Shows the details; with `focus`, goes there. */
  onOpen: (focus: boolean) => void
  onRename: (title: string) => void
  onDelete: () => void
}

/** Milliseconds. */
const NO_FRAME = 200

/** One todo, on one line: check, title, quiet facts. */
export function TodoItem(props: Props) {
  /** What was pressed for, until the store has it: after the frame that shows it, which so waits for nothing else. */
  const [wanted, setWanted] = createSignal<boolean>()
  const done = () => wanted() ?? props.todo.completedAt !== null
  const settle = () => {
    removeEventListener("beforeunload", leave)
    batch(() => {
      const done = wanted()
      setWanted()
      if (done !== undefined) props.onToggle(done)
    })
  }
  /** The page is about to be left. As of any change that the disk does not hold (Shell.tsx), it is warned of. */
  const leave = (event: Event) => {
    event.preventDefault()
    settle()
  }
  // A row that goes before its frame.
  onCleanup(settle)
  // All rows hear that it is another; only two have anything to change.
  const tabIndex = createMemo(() => (props.reachable ? 0 : -1))
  return (
    <li
      class="todo-item"
      classList={{ "todo-item-done": done(), "todo-item-open": props.open }}
      data-row={props.todo.id}
      {...(props.movable ? { "data-movable": "" } : {})}
      onDblClick={() => !done() && props.onEdit(true)}
    >
      <Show when={props.movable}>
        <span class="todo-item-handle" data-handle>
          <Icon name="handle" />
        </span>
      </Show>
      <TodoCheck
        done={done()}
        priority={props.todo.priority}
        label={t(done() ? "todos.reopenTitle" : "todos.completeTitle", { title: props.todo.title })}
        tabIndex={tabIndex()}
        onToggle={() => {
          setWanted(!done())
          requestAnimationFrame(() => setTimeout(settle))
          // A page that is hidden gets no frame.
          setTimeout(settle, NO_FRAME)
          addEventListener("beforeunload", leave)
        }}
      />
      <Show
        when={!props.editing}
        fallback={
          <TitleEditor
            title={props.todo.title}
            onDone={(title) => {
              props.onEdit(false)
              if (title) props.onRename(title)
            }}
          />
        }
      >
        <button
          type="button"
          class="todo-item-title"
          data-row-focus
          tabIndex={tabIndex()}
          aria-current={props.open ? "true" : undefined}
          onClick={(event) => props.onOpen(event.detail === 0)}
        >
          <span class="todo-item-words">
            <Show when={props.todo.priority !== "none"}>
              <span class="visually-hidden">{t(`todos.priority.${props.todo.priority}`)}: </span>
            </Show>
            <span class="todo-item-text">{props.todo.title}</span>
          </span>
          <span class="todo-item-facts">
            <Show when={props.todo.notes}>
              <Icon name="notes" class="todo-item-notes" />
              <span class="visually-hidden">{t("todos.hasNotes")}</span>
            </Show>
            <Show when={!props.hideDue && props.todo.dueDate}>
              {(date) => <DueText date={date()} done={done()} />}
            </Show>
            <Show when={props.showList}>
              <ListName id={props.todo.listId} />
            </Show>
          </span>
        </button>
      </Show>
      <span class="todo-item-actions">
        <Menu
          class="todo-item-more"
          label={t("todos.actionsFor", { title: props.todo.title })}
          tabIndex={tabIndex()}
          items={[
            { label: t("todos.openDetails"), icon: "notes", onSelect: () => props.onOpen(true) },
            ...(done()
              ? []
              : [{ label: t("todos.rename"), icon: "edit" as const, onSelect: () => props.onEdit(true) }]),
            { label: t("todos.delete"), icon: "delete", danger: true, onSelect: () => props.onDelete() },
          ]}
        >
          <Icon name="more" />
        </Menu>
      </span>
    </li>
  )
}

/** Edits a title where it stands. Enter and leaving keep it, Escape doesn't; an empty one is not kept. */
function TitleEditor(props: { title: string; onDone: (title: string | null) => void }) {
  const [text, setText] = createSignal(props.title)
  let finished = false
  const finish = (keep: boolean) => {
    if (finished) return
    finished = true
    const title = text().replace(/\s+/g, " ").trim()
    props.onDone(keep && title && title !== props.title ? title : null)
  }
  let field!: HTMLTextAreaElement
  createEffect(
    on([], () => {
      field.focus()
      field.setSelectionRange(field.value.length, field.value.length)
    }),
  )
  return (
    <textarea
      ref={field}
      class="todo-item-editor"
      rows="1"
      maxLength={TITLE_MAXIMUM}
      aria-label={t("todos.title")}
      value={text()}
      onInput={(event) => setText(event.currentTarget.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.isComposing) return
        if (event.key !== "Enter" && event.key !== "Escape") return
        event.preventDefault()
        event.stopPropagation()
        finish(event.key === "Enter")
      }}
    />
  )
}
