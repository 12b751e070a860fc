import "./styles/layers.css"
import "./styles/tokens.css"
import "./styles/base.css"
import "./device/installation.ts"
import { Router } from "@solidjs/router"
import { render } from "solid-js/web"
import { loadPreferredLanguage } from "./i18n/translate.ts"
import { routes } from "./routes.tsx"
import { followPreferences } from "./session/preferences.ts"
import { me, restoreSession } from "./session/session.ts"
import { applyStoredTheme } from "./session/theme.ts"
import { Frame } from "./shell/Frame.tsx"
import { beginOpening } from "./sync/open-database.ts"

/** Without a network there is nobody to tell. Not destructured: the bundler would write that out. */
const tell = (event: Event) =>
  import("./device/page-errors.ts").then((module) => module.report(event)).catch(() => {})
addEventListener("error", tell)
addEventListener("unhandledrejection", tell)

const root = document.getElementById("root")!

applyStoredTheme()
restoreSession()
const known = me()
if (known) {
  // Wanted next, and loaded together with the language; should that fail, it is asked for again and told then.
  import("./shell/Shell.tsx").catch(() => {})
  beginOpening(known.id)
}
loadPreferredLanguage().then(
  () => {
    followPreferences()
    render(() => <Router root={Frame}>{routes}</Router>, root)
  },
  () => {
    // Without a catalogue there are no words but these.
    root.textContent = "Docket could not be loaded. Check the connection and reload the page."
  },
)
