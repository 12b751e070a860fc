import type { Page } from "playwright"

/** Draws a list of as many rows and elements as `like` has, in which a press gives a row a class and does nothing else. */
export async function drawBarePage(page: Page, like: Page) {
  const size = await like.evaluate(() => ({
    rows: document.querySelectorAll("main [data-row]").length,
    elements: document.querySelectorAll("body *").length,
  }))
  await page.setContent(
    `<!doctype html><style>
      body { margin: 0; font: 15px system-ui }
      li { display: flex; align-items: center; gap: 12px; height: 36px }
      button { width: 20px; height: 20px; border-radius: 50% }
      .done { color: grey; text-decoration: line-through }
    </style><main><ul></ul></main>`,
  )
  await page.evaluate(({ rows, elements }) => {
    const list = document.querySelector("ul")!
    // Beside the row itself, its check and its title.
    const more = Math.max(0, Math.round(elements / rows) - 3)
    for (let row = 0; row < rows; row++) {
      const item = document.createElement("li")
      item.dataset.row = `${row}`
      item.innerHTML = `<button role="checkbox"></button><span>Water the fern ${row}${"<i></i>".repeat(more)}</span>`
      list.append(item)
    }
    list.addEventListener("click", ({ target }) => {
      const check = (target as Element).closest("[role=checkbox]")
      check?.nextElementSibling?.classList.add("done")
    })
  }, size)
  return size
}
