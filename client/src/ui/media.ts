import { createSignal, onCleanup } from "solid-js"

/** Whether a media query matches now. Reactive, while its owner lives. */
export function createMedia(query: string): () => boolean {
  const media = matchMedia(query)
  const [matches, setMatches] = createSignal(media.matches)
  const update = () => setMatches(media.matches)
  media.addEventListener("change", update)
  onCleanup(() => media.removeEventListener("change", update))
  return matches
}
