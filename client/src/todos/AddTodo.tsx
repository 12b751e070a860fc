import { createSignal, createUniqueId, Show, Suspense } from "solid-js"
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts"
import { t } from "../i18n/translate.ts"
import { useUndo } from "../shell/undo.ts"
import { useSync } from "../sync/context.ts"
import type { Todo } from "../sync/rows.ts"
import { announce } from "../ui/announce.tsx"
import { Icon } from "../ui/Icon.tsx"
import { add, TITLE_MAXIMUM } from "./changes.ts"
import "./AddTodo.css"

const PastedLines = lazyWithTexts(() => import("./PastedLines.tsx"))

type Props = {
  listId: string
  /** What a todo added here has from the start. */
  fields?: Partial<Todo>
}

/** Most todos that one paste makes. */
const LINES_MAXIMUM = 200

/** The first row, always there. Enter adds and stays; several lines pasted are offered as several todos. */
export function AddTodo(props: Props) {
  const sync = useSync()
  const undo = useUndo()
  const hintId = createUniqueId()
  const [lines, setLines] = createSignal<string[]>([])
  let field!: HTMLInputElement

  const addTitles = (titles: readonly string[]) => {
    undo.act(
      add(sync, props.listId, titles, props.fields),
      titles.length > 1 ? t("todos.addedMany", { count: titles.length }) : undefined,
    )
    announce(
      titles.length > 1
        ? t("todos.addedMany", { count: titles.length })
        : t("todos.added", { title: titles[0]! }),
    )
    field.value = ""
    setLines([])
    field.focus()
  }

  const submit = () => {
    const title = field.value.trim()
    if (title) addTitles([title])
  }

  const onPaste = (event: ClipboardEvent) => {
    const found = linesOf(event.clipboardData?.getData("text/plain") ?? "")
    if (found.length < 2 || field.value.trim()) return
    event.preventDefault()
    setLines(found)
  }

  const pasteAsOne = () => {
    field.value = lines().join(" ").slice(0, TITLE_MAXIMUM)
    setLines([])
    field.focus()
  }

  return (
    <form
      class="add-todo"
      onSubmit={(event) => {
        event.preventDefault()
        if (lines().length > 0) addTitles(lines())
        else submit()
      }}
    >
      <Icon name="add" class="add-todo-icon" />
      <input
        ref={field}
        class="add-todo-field"
        name="title"
        data-row-start
        data-add-todo
        maxLength={TITLE_MAXIMUM}
        placeholder={t("todos.addPlaceholder")}
        aria-label={t("todos.addPlaceholder")}
        aria-describedby={lines().length > 0 ? hintId : undefined}
        autocomplete="off"
        enterkeyhint="done"
        onPaste={onPaste}
        onKeyDown={(event) => {
          if (event.isComposing) return
          if (event.key === "ArrowDown") {
            event.preventDefault()
            document.querySelector<HTMLElement>("main [data-row-focus]")?.focus()
          } else if (event.key === "Escape") {
            event.stopPropagation()
            if (lines().length > 0) setLines([])
            else if (field.value) field.value = ""
            else field.blur()
          }
        }}
      />
      <Show when={lines().length > 0}>
        <Suspense>
          <PastedLines
            id={hintId}
            count={lines().length}
            onAll={() => addTitles(lines())}
            onOne={pasteAsOne}
          />
        </Suspense>
      </Show>
    </form>
  )
}

/** The lines of a text that say something, without the marks that lists elsewhere begin them with. */
export const linesOf = (text: string) =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) =>
      line
        .replace(/^\s*(?:[-*•]\s+)?(?:\[[ xX]?\]\s+)?/, "")
        .trim()
        .slice(0, TITLE_MAXIMUM),
    )
    .filter(Boolean)
    .slice(0, LINES_MAXIMUM)
