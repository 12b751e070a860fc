import type { Page } from "playwright"

declare global {
  interface Window {
    /** Set by `startStopwatch`. */
    pressed: Promise<{ at: number; missing: string | null }>
  }
}

/**
 * Waits for the page's next event of this type. What `pressedAt` then returns is its `timeStamp`, by the page's clock in
 * milliseconds, provided that the next frame shows an element of `selector`, in which ROW is the id of the row it came upon.
 */
export const startStopwatch = (page: Page, event: "click" | "keydown", selector: string) =>
  page.evaluate(
    ([type, selector]) => {
      window.pressed = new Promise((resolve) =>
        addEventListener(
          type,
          ({ timeStamp, target }) => {
            const row = (target as Element).closest<HTMLElement>("[data-row]")?.dataset.row
            requestAnimationFrame(() => {
              const shown = selector.replaceAll("ROW", `${row}`)
              resolve({ at: timeStamp, missing: document.querySelector(shown) ? null : shown })
            })
          },
          { capture: true, once: true },
        ),
      )
    },
    [event, selector] as const,
  )

export async function pressedAt(page: Page): Promise<number> {
  const { at, missing } = await page.evaluate(() => window.pressed)
  if (missing !== null) throw new Error(`The frame after the event does not show ${missing}.`)
  return at
}
