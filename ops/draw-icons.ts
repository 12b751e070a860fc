/**
 * `bun ops/draw-icons.ts`: draws client/public/icons from client/public/icon.svg, in a Chromium. What it draws is kept in the
 * repository: run it after a change of the icon.
 */
import { join } from "node:path"
import { chromium } from "playwright"
import { findChromium } from "./chromium.ts"

const PUBLIC = join(import.meta.dir, "../client/public")

/** Pixels of each side. `whole` fills the square, for systems that cut icons to a shape of their own. */
export const ICONS = {
  "icon-192.png": { size: 192, whole: false },
  "icon-512.png": { size: 512, whole: false },
  "maskable-512.png": { size: 512, whole: true },
  "apple-touch-180.png": { size: 180, whole: true },
}

async function drawIcons() {
  const svg = await Bun.file(join(PUBLIC, "icon.svg")).text()
  const browser = await chromium.launch({
    executablePath: (await findChromium()).path,
    args: ["--no-sandbox"],
  })
  for (const [name, { size, whole }] of Object.entries(ICONS)) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    // The mark lies within the circle of 80 % that every shape leaves (W3C, "Web Application Manifest", icon masks).
    const drawn = whole ? svg.replace(/ rx="\d+"/, "") : svg
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${drawn}`)
    const path = join(PUBLIC, "icons", name)
    await Bun.write(path, await page.screenshot({ omitBackground: true }))
    console.log(`${name}  ${Bun.file(path).size} bytes`)
    await page.close()
  }
  await browser.close()
}

if (import.meta.main) await drawIcons()
