import { useSearchParams } from "@solidjs/router"
import { createMemo, onMount, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Empty } from "../shell/Empty.tsx"
import { createTitle } from "../shell/title.ts"
import { useSync } from "../sync/context.ts"
import { Icon } from "../ui/Icon.tsx"
import { search } from "./search.ts"
import { TodoRows } from "./TodoRows.tsx"
import "./SearchPage.css"

/** Finds todos by their words, the completed ones too. */
export default function SearchPage() {
  const sync = useSync()
  const [parameters, setParameters] = useSearchParams<{ q?: string }>()
  const query = () => parameters.q ?? ""
  createTitle(() => t("todos.search"))
  let field!: HTMLInputElement
  onMount(() => field.focus())

  const found = createMemo(() => {
    sync.loaded()
    return search(sync.everyTodo(), query())
  })
  /** One that was deleted since is not shown. */
  const shown = createMemo(() => found().filter((id) => !sync.todo(id)?.trashedAt))

  return (
    <>
      <h1 class="visually-hidden">{t("todos.search")}</h1>
      <search class="search-page">
        <Icon name="search" class="search-page-icon" />
        <input
          ref={field}
          class="search-page-field"
          type="search"
          name="q"
          data-row-start
          maxLength={200}
          placeholder={t("todos.searchPlaceholder")}
          aria-label={t("todos.searchPlaceholder")}
          autocomplete="off"
          enterkeyhint="search"
          value={query()}
          onInput={(event) => setParameters({ q: event.currentTarget.value }, { replace: true })}
          onKeyDown={(event) => {
            if (event.key !== "ArrowDown") return
            event.preventDefault()
            document.querySelector<HTMLElement>("main [data-row-focus]")?.focus()
          }}
        />
      </search>
      <p class="visually-hidden" role="status">
        {query().trim() ? t("todos.foundCount", { count: shown().length }) : ""}
      </p>
      <TodoRows ids={shown()} label={t("todos.results")} showList />
      <Show when={query().trim() && shown().length === 0}>
        <Empty icon="search" title={t("todos.noneFoundTitle")} text={t("todos.noneFoundText")} />
      </Show>
      <Show when={!query().trim()}>
        <Empty icon="search" title={t("todos.searchEmptyTitle")} text={t("todos.searchEmptyText")} />
      </Show>
    </>
  )
}
