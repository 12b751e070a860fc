import { createSignal } from "solid-js"
import { listen } from "./listen.ts"

/** Whether a media query matches now. Reactive, while its owner lives. */
export function createMedia(query: string): () => boolean {
  const media = matchMedia(query)
  const [matches, setMatches] = createSignal(media.matches)
  const update = () => setMatches(media.matches)
  listen(media, "change", update)
  return matches
}
