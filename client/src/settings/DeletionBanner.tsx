import { createSignal, Show } from "solid-js"
import { client, unwrap } from "../api/client.ts"
import { problemText } from "../api/problem-text.ts"
import { formatDay } from "../i18n/dates.ts"
import { t } from "../i18n/translate.ts"
import { me, setMe } from "../session/session.ts"
import { Button } from "../ui/Button.tsx"
import { toast } from "../ui/Toast.tsx"
import "./DeletionBanner.css"

/** While the account waits for its deletion: when that is, and the way back. */
export default function DeletionBanner() {
  const [busy, setBusy] = createSignal(false)

  async function keep() {
    setBusy(true)
    try {
      setMe(await unwrap(client.api.me.deletion.delete()))
      toast({ message: t("deletion.cancelled") })
    } catch (error) {
      toast({ message: problemText(error), kind: "problem" })
    }
    setBusy(false)
  }

  return (
    <Show when={me()?.deletesAt}>
      {(deletesAt) => (
        <div class="deletion-banner" role="status">
          <p>{t("deletion.banner", { date: formatDay(deletesAt(), me()?.timeZone) })}</p>
          <Button busy={busy()} onClick={keep}>
            {t("deletion.cancel")}
          </Button>
        </div>
      )}
    </Show>
  )
}
