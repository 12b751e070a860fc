import type { Page } from "playwright"

/** Milliseconds between two looks, and after which there is no more hope. */
const PAUSE = 50
const PATIENCE = 30_000

/**
 * Waits until `condition`, which runs in the page and may take its time, gives something true. Playwright's
 * `waitForFunction` takes the promise of one for true, and so waits for nothing.
 */
export async function eventually<Given>(
  page: Page,
  condition: (given: Given) => Promise<unknown>,
  given: Given,
): Promise<void>
export async function eventually(page: Page, condition: () => Promise<unknown>): Promise<void>
export async function eventually(
  page: Page,
  condition: (given: unknown) => Promise<unknown>,
  given?: unknown,
) {
  const end = performance.now() + PATIENCE
  while (!(await page.evaluate(condition, given))) {
    if (performance.now() > end) throw new Error(`This never came to hold: ${condition}`)
    await Bun.sleep(PAUSE)
  }
}
