import { A } from "@solidjs/router"
import { createUniqueId, For, type JSX } from "solid-js"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { createTitle } from "../shell/title.ts"
import "./SettingsPage.css"

const pages = [
  { path: paths.profileSettings, label: () => t("settings.profile") },
  { path: paths.securitySettings, label: () => t("settings.security") },
  { path: paths.dataSettings, label: () => t("settings.data") },
  { path: paths.syncSettings, label: () => t("settings.sync") },
  { path: paths.about, label: () => t("settings.about") },
]

/** The frame of every page of the settings. */
export function SettingsPage(props: { title: string; children: JSX.Element }) {
  createTitle(() => props.title)
  return (
    <div class="settings-page">
      <h1 class="settings-page-title">{t("settings.title")}</h1>
      <nav class="settings-page-pages" aria-label={t("settings.title")}>
        <For each={pages}>
          {(page) => (
            <A class="settings-page-link" href={page.path} end>
              {page.label()}
            </A>
          )}
        </For>
      </nav>
      {props.children}
    </div>
  )
}

/** One thing that can be set, with what it is for. */
export function SettingsSection(props: { title: string; text?: JSX.Element; children: JSX.Element }) {
  const id = createUniqueId()
  return (
    <section class="settings-page-section" aria-labelledby={id}>
      <h2 class="settings-page-section-title" id={id}>
        {props.title}
      </h2>
      {props.text && <p class="settings-page-section-text">{props.text}</p>}
      {props.children}
    </section>
  )
}
