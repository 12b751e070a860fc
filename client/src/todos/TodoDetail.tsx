import { createEffect, createSignal, on, onCleanup, onMount, Show } from "solid-js"
import { formatDay } from "../i18n/dates.ts"
import { t } from "../i18n/translate.ts"
import { me } from "../session/session.ts"
import { useUndo } from "../shell/undo.ts"
import { useSync } from "../sync/context.ts"
import type { Todo } from "../sync/rows.ts"
import { announce } from "../ui/announce.tsx"
import { Icon } from "../ui/Icon.tsx"
import { complete, edit, NOTES_MAXIMUM, reopen, TITLE_MAXIMUM, trash } from "./changes.ts"
import { DueField } from "./DueField.tsx"
import { ListField } from "./ListField.tsx"
import { PriorityField } from "./PriorityField.tsx"
import { useTodoSelection } from "./selection.ts"
import { TodoCheck } from "./TodoCheck.tsx"
import "./TodoDetail.css"

/** Everything about one todo. What is typed is kept as it is typed. */
export default function TodoDetail(props: { id: string; onClose: () => void }) {
  const sync = useSync()
  return <Show when={sync.todo(props.id)}>{(todo) => <Detail todo={todo()} onClose={props.onClose} />}</Show>
}

function Detail(props: { todo: Todo; onClose: () => void }) {
  const undo = useUndo()
  const selection = useTodoSelection()
  const done = () => props.todo.completedAt !== null
  const change = (fields: Partial<Todo>) => undo.act(edit(props.todo.id, fields))

  const toggle = () => {
    undo.act(done() ? reopen(props.todo.id) : complete(props.todo.id))
    announce(t(done() ? "todos.completed" : "todos.reopened", { title: props.todo.title }))
  }

  return (
    <div class="todo-detail" classList={{ "todo-detail-done": done() }}>
      <div class="todo-detail-bar">
        <ListField todo={props.todo} />
        <button
          type="button"
          class="todo-detail-close"
          aria-label={t("shell.close")}
          onClick={() => props.onClose()}
        >
          <Icon name="close" />
        </button>
      </div>
      <div class="todo-detail-head">
        <TodoCheck
          done={done()}
          priority={props.todo.priority}
          label={t(done() ? "todos.reopenTitle" : "todos.completeTitle", { title: props.todo.title })}
          onToggle={toggle}
        />
        <KeptText
          class="todo-detail-title"
          label={t("todos.title")}
          text={props.todo.title}
          maxLength={TITLE_MAXIMUM}
          oneLine
          focused={selection.wantsFocus()}
          onChange={(title) => change({ title })}
        />
      </div>
      <DueField todo={props.todo} onChange={(dueDate) => change({ dueDate })} />
      <PriorityField priority={props.todo.priority} onChange={(priority) => change({ priority })} />
      <KeptText
        class="todo-detail-notes"
        label={t("todos.notes")}
        placeholder={t("todos.notesPlaceholder")}
        text={props.todo.notes}
        maxLength={NOTES_MAXIMUM}
        onChange={(notes) => change({ notes })}
      />
      <div class="todo-detail-foot">
        <span class="todo-detail-created">
          {t("todos.created", { date: formatDay(props.todo.createdAt, me()?.timeZone) })}
        </span>
        <button
          type="button"
          class="todo-detail-delete"
          aria-label={t("todos.delete")}
          title={t("todos.delete")}
          onClick={() => {
            undo.act(trash(props.todo.id), t("todos.deleted"))
            props.onClose()
          }}
        >
          <Icon name="delete" />
        </button>
      </div>
    </div>
  )
}

type TextProps = {
  class: string
  label: string
  placeholder?: string
  text: string
  maxLength: number
  /** Line breaks are spaces, Enter is done, and an empty text is not kept. */
  oneLine?: boolean
  /** Takes the focus when it appears; it is where the details are entered. */
  focused?: boolean
  onChange: (text: string) => void
}

/** Milliseconds without a key before a text is kept; leaving keeps it at once. */
const PAUSE = 800

/** A text that keeps itself. What comes from elsewhere is shown unless it is being edited here. */
function KeptText(props: TextProps) {
  const [draft, setDraft] = createSignal<string | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let field!: HTMLTextAreaElement

  const keep = () => {
    clearTimeout(timer)
    const typed = draft()
    if (typed === null) return
    const text = props.oneLine ? typed.replace(/\s+/g, " ").trim() : typed
    if (text !== props.text && (text || !props.oneLine)) props.onChange(text)
  }
  const leave = () => {
    keep()
    setDraft(null)
  }
  onCleanup(keep)

  const fit = () => {
    // Browsers without `field-sizing` need to be told the height.
    if (CSS.supports("field-sizing", "content")) return
    field.style.height = "auto"
    field.style.height = `${field.scrollHeight}px`
  }
  createEffect(on(() => draft() ?? props.text, fit))
  onMount(() => props.focused && field.focus())

  return (
    <textarea
      ref={field}
      class={props.class}
      rows="1"
      {...(props.oneLine ? { "data-details-focus": "" } : {})}
      aria-label={props.label}
      placeholder={props.placeholder}
      maxLength={props.maxLength}
      value={draft() ?? props.text}
      onInput={(event) => {
        setDraft(event.currentTarget.value)
        clearTimeout(timer)
        timer = setTimeout(keep, PAUSE)
      }}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.isComposing || !props.oneLine || event.key !== "Enter") return
        event.preventDefault()
        field.blur()
      }}
    />
  )
}
