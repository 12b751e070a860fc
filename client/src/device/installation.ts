import { createSignal } from "solid-js"

/** Chromium's offer to install the page (Web App Manifest, "Installation prompts"). Works once. */
type Offer = Event & { prompt: () => Promise<{ outcome: "accepted" | "dismissed" }> }

const [installOffer, setInstallOffer] = createSignal<Event>()

/** While the browser offers to install the page. Reactive. */
export { installOffer }

// It comes once, soon after the page is loaded. It is made in the settings, not over what the person came to do.
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault()
  setInstallOffer(event)
})

/** Has the browser ask the person. */
export async function install() {
  const offer = installOffer() as Offer
  setInstallOffer()
  await offer.prompt()
}
