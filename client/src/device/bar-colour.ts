/** Gives the bars that the system draws around the page the colour of the chosen theme, though the system's is another. */
export function colourBars(theme: "system" | "light" | "dark") {
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const { scheme } = meta.dataset
    const wanted = theme === scheme ? "all" : "not all"
    meta.media = theme === "system" ? `(prefers-color-scheme: ${scheme})` : wanted
  }
}
