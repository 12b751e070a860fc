import { createSignal, For, onMount, Show } from "solid-js"
import { client, unwrap } from "../api/client.ts"
import { formatMoment } from "../i18n/dates.ts"
import { t } from "../i18n/translate.ts"
import { me } from "../session/session.ts"
import { useSync } from "../sync/context.ts"
import { failures } from "../sync/failures.ts"
import type { Sync } from "../sync/sync.ts"
import { Button } from "../ui/Button.tsx"
import { toast } from "../ui/Toast.tsx"
import { deviceName } from "./device.ts"
import { SettingsSection } from "./SettingsPage.tsx"
import { saveFile } from "./save-file.ts"
import { syncReport } from "./sync-report.ts"

type Props = { inspected: ReturnType<Sync["inspect"]> }

/** What someone who helps has to know, as a file too, and the last resort. */
export function SyncSupport(props: Props) {
  const sync = useSync()
  const [session, setSession] = createSignal<string>()
  onMount(async () => {
    // Offline there is none to be named.
    const sessions = await unwrap(client.api.sessions.get()).catch(() => null)
    setSession(sessions?.items.find(({ current }) => current)?.id)
  })
  const browser = () => {
    const device = deviceName(navigator.userAgent)
    return device ? t("sessions.device", device) : t("sessions.unknown")
  }
  const save = async () =>
    saveFile("docket-sync", await syncReport(sync, { account: me()?.id, session: session() }))
  function repair() {
    sync.repair()
    toast({ message: t("device.repairing") })
  }

  return (
    <>
      <SettingsSection title={t("device.repairTitle")} text={t("device.repairText")}>
        <div>
          <Button onClick={repair}>{t("device.repair")}</Button>
        </div>
      </SettingsSection>
      <SettingsSection title={t("device.supportTitle")} text={t("device.supportText")}>
        <div>
          <Button onClick={save}>{t("device.saveFile")}</Button>
        </div>
        <dl class="sync-settings-terms">
          <Fact term={t("device.browser")}>{browser()}</Fact>
          <Fact term={t("device.account")}>{me()?.id}</Fact>
          <Fact term={t("device.session")}>{session()}</Fact>
          <Fact term={t("device.epoch")}>{props.inspected?.epoch}</Fact>
          <Fact term={t("device.leads")}>
            {t(props.inspected?.leads ? "device.thisTab" : "device.otherTab")}
          </Fact>
        </dl>
        <Spaces cursor={props.inspected?.cursor ?? {}} />
        <Failures />
      </SettingsSection>
    </>
  )
}

const Fact = (props: { term: string; children?: string | null }) => (
  <div>
    <dt>{props.term}</dt>
    <dd>{props.children || "–"}</dd>
  </div>
)

/** How far each space was read; the value is the server's own. */
function Spaces(props: { cursor: Record<string, string> }) {
  const sync = useSync()
  const name = (id: string) => {
    if (id === me()?.id) return t("settings.profile")
    return id === sync.inboxId() ? t("lists.inbox") : (sync.list(id)?.name ?? "…")
  }
  return (
    <details class="sync-settings-spaces">
      <summary>{t("device.spaces")}</summary>
      <ul class="sync-settings-list">
        <For each={Object.keys(props.cursor)}>
          {(id) => (
            <li>
              <p class="sync-settings-text">{name(id)}</p>
              <p class="sync-settings-facts">
                {id} · {props.cursor[id]}
              </p>
            </li>
          )}
        </For>
      </ul>
    </details>
  )
}

function Failures() {
  const known = failures()
  return (
    <>
      <h3>{t("device.errors")}</h3>
      <Show when={known.length > 0} fallback={<p>{t("device.noErrors")}</p>}>
        <ul class="sync-settings-list">
          <For each={known}>
            {({ of, what, last, count }) => (
              <li>
                <p class="sync-settings-text">
                  {of}: {what}
                </p>
                <p class="sync-settings-facts">
                  {formatMoment(last)} · {t("device.times", { count })}
                </p>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  )
}
