import { createAsync } from "@solidjs/router"
import { For, Show } from "solid-js"
import { instanceIfQuick } from "../api/instance.ts"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { GuestOnly } from "../session/GuestOnly.tsx"
import { ButtonLink } from "../ui/ButtonLink.tsx"
import { GuestHead } from "./GuestHead.tsx"
import { SampleList } from "./SampleList.tsx"
import "./Welcome.css"

export default function Welcome() {
  const facts = createAsync(instanceIfQuick)
  const points = () =>
    (["quick", "forgiving", "yours"] as const).map((point) => ({
      title: t(`welcome.${point}Title`),
      text: t(`welcome.${point}Text`),
    }))

  return (
    <GuestOnly>
      <div class="welcome">
        <GuestHead />
        <main class="welcome-main">
          <div class="welcome-words">
            <h1 class="welcome-title">{t("welcome.title")}</h1>
            <p class="welcome-lead">{t("welcome.lead")}</p>
            <div class="welcome-ways">
              <Show when={facts()?.registration !== "closed"}>
                <ButtonLink kind="primary" href={paths.register}>
                  {t("accounts.register")}
                </ButtonLink>
              </Show>
              <ButtonLink href={paths.signIn}>{t("accounts.signIn")}</ButtonLink>
            </div>
          </div>
          <SampleList />
          <ul class="welcome-points">
            <For each={points()}>
              {(point) => (
                <li>
                  <h2 class="welcome-point">{point.title}</h2>
                  <p class="welcome-point-text">{point.text}</p>
                </li>
              )}
            </For>
          </ul>
        </main>
      </div>
    </GuestOnly>
  )
}
