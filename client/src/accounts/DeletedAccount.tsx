import { useNavigate } from "@solidjs/router"
import { createSignal, For, Match, onMount, Show, Switch } from "solid-js"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { session } from "../session/session.ts"
import { saveFile } from "../settings/save-file.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import "./DeletedAccount.css"
import { findDeletedAccount, readUnsent, removeCopy, type Unsent, wasJustRemoved } from "./deleted-account.ts"

/** So many are written out. */
const SHOWN = 20

/**
 * Where the account that was signed in here was deleted elsewhere, takes what this device kept of it, and says so. What was
 * never sent is shown first, to be saved or copied, and goes when the person says so.
 */
export default function DeletedAccount() {
  const navigate = useNavigate()
  const [account, setAccount] = createSignal<string | null>(null)
  const [unsent, setUnsent] = createSignal<Unsent[]>([])
  const [state, setState] = createSignal<"finding" | "unsent" | "removed" | "held">("finding")
  /** How the person took what was never sent elsewhere. */
  const [taken, setTaken] = createSignal<"saved" | "copied" | null>(null)

  async function look() {
    setAccount(await findDeletedAccount())
    if (!account()) {
      const now = session()
      if (now.status === "signed-out" && now.reason === "ended" && wasJustRemoved()) setState("removed")
      return
    }
    try {
      setUnsent(await readUnsent(account()!))
      if (unsent().length > 0) setState("unsent")
      else await remove()
    } catch (error) {
      console.warn(error)
      setState("held")
    }
  }

  async function remove() {
    try {
      await removeCopy(account()!)
      setState("removed")
    } catch (error) {
      console.warn(error)
      setState("held")
    }
  }

  function save() {
    saveFile("docket-unsent", { account: account(), changes: unsent() })
    setTaken("saved")
  }

  async function copy() {
    await navigator.clipboard.writeText(
      unsent()
        .map(({ text }) => text)
        .join("\n"),
    )
    setTaken("copied")
  }

  function close() {
    const removed = state() === "removed"
    setState("finding")
    if (removed) navigate(paths.welcome)
  }

  onMount(look)

  return (
    <Show when={state() !== "finding"}>
      <Dialog from="centre" label={t("deleted.title")} onClose={close}>
        <div class="deleted-account">
          <h2>{t("deleted.title")}</h2>
          <Switch>
            <Match when={state() === "removed"}>
              <p>{t("deleted.removed")}</p>
              <div class="deleted-account-actions">
                <Button kind="primary" onClick={close}>
                  {t("shell.close")}
                </Button>
              </div>
            </Match>
            <Match when={state() === "held"}>
              <p>{t("deleted.held")}</p>
              <div class="deleted-account-actions">
                <Button kind="primary" onClick={unsent().length > 0 ? remove : look}>
                  {t("forms.tryAgain")}
                </Button>
              </div>
            </Match>
            <Match when={state() === "unsent"}>
              <p>{t("deleted.unsent", { count: unsent().length })}</p>
              <ul class="deleted-account-list">
                <For each={unsent().slice(0, SHOWN)}>{({ text }) => <li>{text}</li>}</For>
              </ul>
              <Show when={unsent().length > SHOWN}>
                <p>{t("device.more", { count: unsent().length - SHOWN })}</p>
              </Show>
              <div class="deleted-account-actions">
                <Button kind="primary" onClick={save}>
                  {t("device.saveFile")}
                </Button>
                <Button onClick={() => copy().catch(console.warn)}>
                  {taken() === "copied" ? t("deleted.copied") : t("sync.copy")}
                </Button>
                <Button kind="danger" onClick={() => (taken() || confirm(t("deleted.sure"))) && remove()}>
                  {t("deleted.remove")}
                </Button>
              </div>
            </Match>
          </Switch>
        </div>
      </Dialog>
    </Show>
  )
}
