import { createAsync } from "@solidjs/router"
import { createSignal, ErrorBoundary, For, Show, Suspense } from "solid-js"
import { client, unwrap } from "../api/client.ts"
import { problemText } from "../api/problem-text.ts"
import { formatDay, formatDistance } from "../i18n/dates.ts"
import { t } from "../i18n/translate.ts"
import { me } from "../session/session.ts"
import { Button } from "../ui/Button.tsx"
import { toast } from "../ui/Toast.tsx"
import { deviceName } from "./device.ts"
import { SettingsSection } from "./SettingsPage.tsx"
import "./SignedInDevices.css"

type Session = Awaited<ReturnType<typeof readSessions>>[number]

/** `_asked` only makes it ask again. */
const readSessions = async (_asked: number) => (await unwrap(client.api.sessions.get())).items

/** The account's sessions, the one in use first, and what ends them. */
export function SignedInDevices() {
  const [asked, setAsked] = createSignal(1)
  const sessions = createAsync(() => readSessions(asked()))
  const others = () => sessions()?.filter(({ current }) => !current) ?? []

  async function end(request: Promise<unknown>, done: string) {
    try {
      await request
      setAsked(asked() + 1)
      toast({ message: done })
    } catch (error) {
      toast({ message: problemText(error), kind: "problem" })
    }
  }

  return (
    <SettingsSection title={t("sessions.title")}>
      <ErrorBoundary
        fallback={(error, reset) => (
          <div class="signed-in-devices-fault">
            <p>{problemText(error)}</p>
            <Button
              onClick={() => {
                setAsked(asked() + 1)
                reset()
              }}
            >
              {t("forms.tryAgain")}
            </Button>
          </div>
        )}
      >
        <Suspense fallback={<p>{t("forms.working")}</p>}>
          <ul class="signed-in-devices">
            <For each={sessions()?.toSorted((a, b) => Number(b.current) - Number(a.current))}>
              {(session) => (
                <Device
                  session={session}
                  end={() =>
                    end(unwrap(client.api.sessions({ id: session.id }).delete()), t("sessions.ended"))
                  }
                />
              )}
            </For>
          </ul>
          <Show when={others().length > 1}>
            <div>
              <Button
                kind="danger"
                onClick={() => end(unwrap(client.api.sessions.delete()), t("sessions.othersEnded"))}
              >
                {t("sessions.endOthers")}
              </Button>
            </div>
          </Show>
        </Suspense>
      </ErrorBoundary>
    </SettingsSection>
  )
}

function Device(props: { session: Session; end: () => void }) {
  const name = () => {
    const device = deviceName(props.session.userAgent)
    return device ? t("sessions.device", device) : t("sessions.unknown")
  }
  return (
    <li class="signed-in-devices-row">
      <div>
        <p class="signed-in-devices-name">{name()}</p>
        <p class="signed-in-devices-facts">
          {props.session.current
            ? t("sessions.current")
            : t("sessions.used", { when: formatDistance(props.session.lastUsedAt) })}
          {" · "}
          {t("sessions.since", { date: formatDay(props.session.createdAt, me()?.timeZone) })}
          {" · "}
          {props.session.address}
        </p>
      </div>
      <Show when={!props.session.current}>
        <Button aria-label={t("sessions.endNamed", { device: name() })} onClick={props.end}>
          {t("sessions.end")}
        </Button>
      </Show>
    </li>
  )
}
