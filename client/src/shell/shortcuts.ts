import { useNavigate } from "@solidjs/router"
import { createSignal } from "solid-js"
import { remember, remembered } from "../device/remembered.ts"
import { paths } from "../paths.ts"
import { useAddLine } from "../todos/add-line.ts"
import { listen } from "../ui/listen.ts"
import type { Undo } from "./undo.ts"

export type ShortcutsState = ReturnType<typeof createShortcuts>

/** That single keys do nothing is remembered on this device: speech input presses them by accident (WCAG 2.1.4). */
const OFF = "docket.single-keys-off"

/** Keys that work anywhere on the pages of a signed-in person. */
export function createShortcuts(undo: Undo) {
  const navigate = useNavigate()
  const addLine = useAddLine()
  const [shown, setShown] = createSignal(false)
  const [enabled, setEnabled] = createSignal(remembered(OFF) === null)
  let leader = false

  const places: Record<string, string> = {
    i: paths.inbox,
    t: paths.today,
    u: paths.upcoming,
    s: paths.profileSettings,
  }

  function onKeyDown(event: KeyboardEvent) {
    const key = event.key.toLowerCase()
    const typing = (event.target as HTMLElement).matches("input, textarea, select, [contenteditable]")
    if ((event.ctrlKey || event.metaKey) && key === "z" && !event.shiftKey && !typing) {
      event.preventDefault()
      undo.undoLast()
      return
    }
    const modal = document.querySelector("dialog[open], [popover]:popover-open")
    if (typing || modal || !enabled() || event.ctrlKey || event.metaKey || event.altKey) return
    if (leader) {
      leader = false
      const place = places[key]
      if (place) {
        event.preventDefault()
        navigate(place)
      }
      return
    }
    const act: Record<string, () => void> = {
      n: addLine,
      q: addLine,
      "/": () => navigate(paths.search),
      "?": () => setShown(true),
      g: () => {
        leader = true
        setTimeout(() => {
          leader = false
        }, 1_000)
      },
    }
    const run = act[key]
    if (!run) return
    event.preventDefault()
    run()
  }

  listen(document, "keydown", onKeyDown)

  return {
    shown,
    show: () => setShown(true),
    hide: () => setShown(false),
    enabled,
    setEnabled(on: boolean) {
      remember(OFF, on ? null : "yes")
      setEnabled(on)
    },
  }
}
