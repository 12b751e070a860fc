import { createRenderEffect } from "solid-js"

/** Names the document after the page that is shown. */
export function createTitle(title: () => string) {
  createRenderEffect(() => {
    document.title = `${title()} · Docket`
  })
}
