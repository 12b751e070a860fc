import { type RouteSectionProps, useLocation } from "@solidjs/router"
import { createEffect, createSignal, on, onCleanup, onMount, Show, Suspense } from "solid-js"
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts"
import { restOfTexts, t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { RequireSession } from "../session/RequireSession.tsx"
import { followProfile, me } from "../session/session.ts"
import { browserSync } from "../sync/browser.ts"
import { SyncContext } from "../sync/context.ts"
import type { Sync } from "../sync/sync.ts"
import { useTodoSelection } from "../todos/selection.ts"
import { TodoPane } from "../todos/TodoPane.tsx"
import { createToday, TodayProvider } from "../todos/today.ts"
import { Dialog } from "../ui/Dialog.tsx"
import { listen } from "../ui/listen.ts"
import { createMedia } from "../ui/media.ts"
import { BottomBar } from "./BottomBar.tsx"
import { Sidebar } from "./Sidebar.tsx"
import { createShortcuts } from "./shortcuts.ts"
import { createUndo, UndoContext } from "./undo.ts"
import "./Shell.css"

const DeletionBanner = lazyWithTexts(() => import("../settings/DeletionBanner.tsx"))
const Shortcuts = lazyWithTexts(() => import("./Shortcuts.tsx"))

/** What stands around the pages of a signed-in person. */
export default function Shell(props: RouteSectionProps) {
  return (
    <RequireSession>
      <Show when={me()?.id} keyed>
        {(id) => <SignedIn id={id}>{props.children}</SignedIn>}
      </Show>
    </RequireSession>
  )
}

function SignedIn(props: { id: string } & Pick<RouteSectionProps, "children">) {
  const { id } = props
  const sync = browserSync(id, (refused) =>
    import("./refused-text.ts").then(({ tellRefused }) => tellRefused(refused), console.warn),
  )
  const undo = createUndo(sync)
  const today = createToday()
  const location = useLocation()
  const narrow = createMedia("(width < 48rem)")
  const selection = useTodoSelection()
  // Not `:has()` from up here: with it every change inside a row would restyle all rows.
  const detailed = () => sync.todo(selection.id() ?? "")?.trashedAt === null
  const [menuOpen, setMenuOpen] = createSignal(false)
  const shortcuts = createShortcuts(undo)
  // Not when all is drawn: the disk takes its time meanwhile.
  void sync.open(listAt(location.pathname))
  keepFresh(sync)
  // Chosen on another device.
  createEffect(
    on(
      () => sync.profile(id),
      (profile) => profile && followProfile(profile),
      { defer: true },
    ),
  )
  createEffect(
    on(
      () => location.pathname,
      () => setMenuOpen(false),
      { defer: true },
    ),
  )

  return (
    <SyncContext.Provider value={sync}>
      <UndoContext.Provider value={undo}>
        <TodayProvider value={today}>
          <div class="shell">
            {/* biome-ignore lint/a11y/useValidAnchor: it leads to a part of this page. */}
            <a class="shell-skip" href="#main" onClick={skipToMain}>
              {t("shell.skip")}
            </a>
            <Show when={!narrow()}>
              <div class="shell-side">
                <Sidebar onShortcuts={shortcuts.show} />
              </div>
            </Show>
            <main id="main" class="shell-main" tabIndex={-1}>
              <div class="shell-column" classList={{ "shell-column-beside": detailed() }}>
                <Show when={me()?.deletesAt}>
                  <Suspense>
                    <DeletionBanner />
                  </Suspense>
                </Show>
                {props.children}
              </div>
            </main>
            <TodoPane />
            <Show when={narrow()}>
              <BottomBar onMenu={() => setMenuOpen(true)} />
              <Show when={menuOpen()}>
                <Dialog from="start" label={t("shell.menu")} onClose={() => setMenuOpen(false)}>
                  <Sidebar onShortcuts={shortcuts.show} />
                </Dialog>
              </Show>
            </Show>
            <Show when={shortcuts.shown()}>
              <Suspense>
                <Shortcuts shortcuts={shortcuts} />
              </Suspense>
            </Show>
          </div>
        </TodayProvider>
      </UndoContext.Provider>
    </SyncContext.Provider>
  )
}

/** The list that the page at this address shows. */
function listAt(path: string) {
  if (path === paths.inbox) return { inbox: true } as const
  return path.startsWith(paths.list("")) ? path.slice(paths.list("").length) : undefined
}

/** A link to a part of the page would be taken for a link to another page. */
function skipToMain(event: MouseEvent) {
  event.preventDefault()
  document.getElementById("main")?.focus()
}

/** Milliseconds after which the first screen is taken to be there, and what may be wanted next is fetched. */
const SETTLED = 1_000

/** Without the other texts a problem is told in general words; whatever needs them fetches them again. */
function settle(sync: Sync) {
  restOfTexts().catch(() => {})
  import("./keep-on-device.ts").then(({ keepOnDevice }) => keepOnDevice(sync), console.warn)
}

/** Milliseconds after which a look at the page is worth asking the server for news. */
const STALE = 30_000

/** Asks for what changed whenever the person or the network comes back; warns of leaving before all is kept. */
function keepFresh(sync: Sync) {
  let asked = Date.now()
  const refresh = () => {
    asked = Date.now()
    sync.refresh()
  }
  const onVisible = () => {
    if (document.visibilityState === "visible" && Date.now() - asked > STALE) refresh()
  }
  const onLeave = (event: BeforeUnloadEvent) => sync.atRisk() > 0 && event.preventDefault()
  onMount(() => setTimeout(settle, SETTLED, sync))
  listen(window, "online", refresh)
  listen(document, "visibilitychange", onVisible)
  listen(window, "beforeunload", onLeave)
  onCleanup(() => sync.stop())
}
