import { onCleanup } from "solid-js"

/** Listens while its owner lives. */
export function listen<E extends Event>(target: EventTarget, type: string, handler: (event: E) => void) {
  target.addEventListener(type, handler as EventListener)
  onCleanup(() => target.removeEventListener(type, handler as EventListener))
}
