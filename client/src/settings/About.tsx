import { createAsync } from "@solidjs/router"
import { Show, Suspense } from "solid-js"
import { instanceIfQuick } from "../api/instance.ts"
import { t } from "../i18n/translate.ts"
import { SettingsPage, SettingsSection } from "./SettingsPage.tsx"

export default function About() {
  const facts = createAsync(instanceIfQuick)
  return (
    <SettingsPage title={t("settings.about")}>
      <SettingsSection title="Docket" text={t("about.text")}>
        <p>
          {/* Not a page of this application: the server answers it. */}
          <a href="/api/reference" rel="external">
            {t("about.api")}
          </a>
        </p>
        {/* Last, so that nothing moves when it comes. */}
        <Suspense>
          <Show when={facts()}>{(facts) => <p>{t("about.version", { version: facts().version })}</p>}</Show>
        </Suspense>
      </SettingsSection>
    </SettingsPage>
  )
}
