import { useParams } from "@solidjs/router"
import { createEffect, createSignal, Match, on, Show, Switch } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Empty } from "../shell/Empty.tsx"
import { PageHeading } from "../shell/PageHeading.tsx"
import { useUndo } from "../shell/undo.ts"
import { useSync } from "../sync/context.ts"
import { Button } from "../ui/Button.tsx"
import { laterIcons } from "../ui/later-icons.ts"
import { ColourMenu } from "./ColourMenu.tsx"
import { edit, restore, unarchive } from "./changes.ts"
import { ListDot } from "./ListDot.tsx"
import { ListMenu } from "./ListMenu.tsx"
import { listName } from "./ListName.tsx"
import { ListView } from "./ListView.tsx"
import { NameEditor } from "./NameEditor.tsx"
import "./ListPage.css"

/** One of a person's own lists. */
export default function ListPage() {
  const sync = useSync()
  const undo = useUndo()
  const params = useParams<{ id: string }>()
  const [renaming, setRenaming] = createSignal(false)
  createEffect(
    on(
      () => params.id,
      () => setRenaming(false),
    ),
  )
  return (
    <Switch>
      <Match when={sync.list(params.id)}>
        {(list) => (
          <>
            <PageHeading
              title={listName(list())}
              mark={<ListDot colour={list().colour} />}
              editor={
                renaming() && (
                  <div class="list-page-name">
                    <NameEditor
                      name={list().name}
                      onDone={(name) => {
                        setRenaming(false)
                        if (name) undo.act(edit(list().id, { name }))
                      }}
                    />
                  </div>
                )
              }
              actions={
                <>
                  <ColourMenu list={list()} />
                  <ListMenu list={list()} onRename={() => setRenaming(true)} />
                </>
              }
            />
            <Show when={list().archivedAt && !list().trashedAt}>
              <p class="list-page-note">
                <span>{t("lists.isArchived")}</span>
                <Button kind="quiet" onClick={() => undo.act(unarchive(list().id))}>
                  {t("lists.unarchive")}
                </Button>
              </p>
            </Show>
            <Show when={list().trashedAt} fallback={<ListView list={list()} />}>
              <p class="list-page-note">
                <span>{t("lists.isDeleted")}</span>
                <Button kind="quiet" onClick={() => undo.act(restore(list().id))}>
                  {t("todos.restore")}
                </Button>
              </p>
            </Show>
          </>
        )}
      </Match>
      <Match when={sync.loaded()}>
        <PageHeading title={t("lists.notFoundTitle")} />
        <Empty icon={laterIcons.list} title={t("lists.notFoundTitle")} text={t("lists.notFoundText")} />
      </Match>
    </Switch>
  )
}
