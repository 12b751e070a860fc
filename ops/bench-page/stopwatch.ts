import type { Page } from "playwright"

declare global {
  interface Window {
    /** Set by `startStopwatch`. */
    pressed: Promise<{ at: number; missing: string | null }>
    /** Set by `timed`: the `timeStamp` of events of which one is long, and how long that was. */
    timings: Map<number, number>
  }
}

/**
 * Waits for the page's next event of this type. What `pressedAt` then returns is its `timeStamp`, by the page's clock in
 * milliseconds, provided that the next frame finds `selector` in the row that it came upon, or in the first list
 * of the page. It looks nowhere else: that frame is what is measured, and in all of a document it would take milliseconds.
 */
export const startStopwatch = (
  page: Page,
  event: "click" | "keydown",
  selector: string,
  scope: "row" | "list" = "row",
) =>
  page.evaluate(
    ([type, selector, scope]) => {
      const list = document.querySelector("main ul")
      window.pressed = new Promise((resolve) =>
        addEventListener(
          type,
          ({ timeStamp, target }) => {
            const within = scope === "list" ? list : (target as Element).closest("[data-row]")
            requestAnimationFrame(() => {
              const shown =
                within?.isConnected && (within.matches(selector) || within.querySelector(selector))
              resolve({ at: timeStamp, missing: shown ? null : selector })
            })
          },
          { capture: true, once: true },
        ),
      )
    },
    [event, selector, scope] as const,
  )

export async function pressedAt(page: Page): Promise<number> {
  const { at, missing } = await page.evaluate(() => window.pressed)
  if (missing !== null) throw new Error(`The frame after the event does not show ${missing}.`)
  return at
}

/** Event Timing, in milliseconds: tells of nothing shorter, and rounds to its half. */
const SHORTEST = 16

/**
 * Runs `act`, which returns the `timeStamp` of each event that counts, and gives how many milliseconds each took until the
 * frame that shows what it did was presented, as pages can learn it: rounded to 8, so that means are true and medians are
 * not, and 8 for what was too short to be told. Nothing is recorded meanwhile: Chromium's timeline makes what runs
 * script or draws much slower than what does not.
 */
export async function timed(page: Page, act: () => Promise<number[]>): Promise<number[]> {
  await page.evaluate((shortest) => {
    if (window.timings) return
    window.timings = new Map()
    new PerformanceObserver((list) => {
      for (const { name, startTime, duration } of list.getEntries())
        if (name === "click" || name === "keydown") window.timings.set(startTime, duration)
    }).observe({ type: "event", durationThreshold: shortest } as PerformanceObserverInit)
  }, SHORTEST)
  const pressed = await act()
  const timings = await page.evaluate(() => [...window.timings])
  return pressed.map((at) => timings.find(([start]) => Math.abs(start - at) < 0.2)?.[1] ?? SHORTEST / 2)
}
