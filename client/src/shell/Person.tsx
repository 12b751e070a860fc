import { useNavigate } from "@solidjs/router"
import { Suspense } from "solid-js"
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { me } from "../session/session.ts"
import { useSync } from "../sync/context.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/Menu.tsx"
import "./Person.css"

/** Silent as long as all is well, so it can come after the page. */
const SyncMark = lazyWithTexts(() => import("./SyncMark.tsx"))

/** Who is signed in, whether all is saved, and the way out. */
export function Person(props: { onShortcuts: () => void }) {
  const sync = useSync()
  const navigate = useNavigate()
  const initial = () => [...(me()?.name ?? "")][0]?.toLocaleUpperCase() ?? ""

  return (
    <div class="person">
      <Menu
        class="person-button"
        label={t("shell.account", { name: me()?.name ?? "" })}
        items={[
          { label: t("shell.settings"), icon: "settings", onSelect: () => navigate(paths.profileSettings) },
          { label: t("shell.shortcuts"), icon: "keyboard", onSelect: () => props.onShortcuts() },
          {
            label: t("accounts.signOut"),
            icon: "sign-out",
            onSelect: () => void import("./leave.ts").then(({ leave }) => leave(sync)),
          },
        ]}
      >
        <span class="person-initial" data-initial={initial()} />
        <span class="person-name">{me()?.name}</span>
        <Icon name="chevron-down" width="16" height="16" class="person-more" />
      </Menu>
      <div class="person-mark" role="status">
        <Suspense>
          <SyncMark />
        </Suspense>
      </div>
    </div>
  )
}
