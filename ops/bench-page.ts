import { namedParts } from "./bench/parts.ts"
import { clicks } from "./bench-page/clicks.ts"
import { startDocket } from "./bench-page/docket.ts"
import { loading } from "./bench-page/loading.ts"
import { spreading } from "./bench-page/spreading.ts"
import { startChromium } from "./chromium.ts"

// Measures the page in Chromium, as `bun run build` made it, against the built server, in one run: `bun run bench:page`
// (about four minutes), `--quick` with fewer of each. Parts are named to run them alone: `clicks`, `loading`, `spreading`.

const quick = process.argv.includes("--quick")
const wanted = namedParts("loading", "spreading", "clicks")

process.stderr.write("Preparing the database…\n")
const docket = await startDocket(20_000)
const browser = await startChromium()
try {
  console.log(`Chromium ${browser.version()}`)
  if (wanted("loading")) await loading(browser, docket, quick ? 2 : 4)
  if (wanted("spreading")) await spreading(browser, docket, quick ? 20 : 50)
  if (wanted("clicks"))
    await clicks(browser, docket, quick ? { rounds: 1, each: 8 } : { rounds: 3, each: 10 })
} finally {
  await browser.close()
  await docket.stop()
}
