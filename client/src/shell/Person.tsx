import { useNavigate } from "@solidjs/router"
import { Show } from "solid-js"
import { problemText } from "../api/problem-text.ts"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { me, signOut } from "../session/session.ts"
import { useSync } from "../sync/context.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/Menu.tsx"
import { toast } from "../ui/Toast.tsx"
import { SyncMark } from "./SyncMark.tsx"
import "./Person.css"

/** Who is signed in, whether all is saved, and the way out. */
export function Person(props: { onShortcuts: () => void }) {
  const sync = useSync()
  const navigate = useNavigate()
  const initial = () => [...(me()?.name ?? "")][0]?.toLocaleUpperCase() ?? ""

  const leave = async () => {
    const unsent = sync.unanswered()
    if (unsent > 0 && !confirm(t("shell.signOutUnsent", { count: unsent }))) return
    try {
      await signOut()
    } catch (error) {
      toast({ kind: "problem", message: problemText(error) })
    }
  }

  return (
    <div class="person">
      <Menu
        class="person-button"
        label={t("shell.account", { name: me()?.name ?? "" })}
        items={[
          { label: t("shell.settings"), icon: "settings", onSelect: () => navigate(paths.profileSettings) },
          { label: t("shell.shortcuts"), icon: "keyboard", onSelect: () => props.onShortcuts() },
          { label: t("accounts.signOut"), icon: "sign-out", onSelect: () => void leave() },
        ]}
      >
        <span class="person-initial" data-initial={initial()} />
        <span class="person-name">{me()?.name}</span>
        <Icon name="chevron-down" width="16" height="16" class="person-more" />
      </Menu>
      <Show when={sync.state() !== "signed-out"}>
        <SyncMark />
      </Show>
    </div>
  )
}
