import { useLocation } from "@solidjs/router"
import { createEffect, on } from "solid-js"

/**
 * Moves the focus to the heading of the page that was gone to, so that a screen reader says where it is and Tab goes
 * on from there. A page that puts the focus somewhere itself keeps it.
 */
export function createFocusOnArrival() {
  const location = useLocation()
  createEffect(
    on(
      () => location.pathname,
      () =>
        requestAnimationFrame(() => {
          const main = document.querySelector("main")
          if (main?.contains(document.activeElement) && document.activeElement !== main) return
          const heading = document.querySelector<HTMLElement>("h1")
          if (!heading) return
          heading.tabIndex = -1
          heading.focus({ preventScroll: true })
        }),
      { defer: true },
    ),
  )
}
