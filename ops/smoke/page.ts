import { ask, type Outside } from "./outside.ts"

/** What every answer of the page carries (server/security-headers.ts); the pattern is what matters of the value. */
export const EXPECTED_HEADERS: Record<string, RegExp> = {
  "strict-transport-security": /max-age=\d{7,}/,
  "content-security-policy": /default-src 'none'.*frame-ancestors 'none'/,
  "x-content-type-options": /^nosniff$/,
  "x-frame-options": /^DENY$/,
  "referrer-policy": /^(strict-origin-when-cross-origin|same-origin|no-referrer)$/,
  "cross-origin-opener-policy": /^same-origin$/,
}

/** The page and the first script it names, which a release that serves half of itself would lack. */
export async function checkPage(outside: Outside): Promise<string> {
  const page = await openPage(outside)
  const html = await page.text()
  if (page.status !== 200) throw new Error(`GET / answered ${page.status}, not the page.`)
  const script = /<script[^>]+src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1]
  if (!script) throw new Error("GET / answered something that names no script of the page.")
  const asset = await ask(outside, outside.domains[0]!, script)
  const bytes = (await asset.arrayBuffer()).byteLength
  const type = asset.headers.get("content-type") ?? "nothing"
  if (asset.status !== 200 || !/javascript/.test(type))
    throw new Error(`GET ${script} answered ${asset.status} (${type}), not the page's script.`)
  return `the page, and its script of ${(bytes / 1000).toFixed(0)} kB`
}

export async function checkHeaders(outside: Outside): Promise<string> {
  const faults = headerFaults((await openPage(outside)).headers)
  if (faults.length > 0) throw new Error(faults.join(" "))
  return `${Object.keys(EXPECTED_HEADERS).length} headers as they should be`
}

/** A sentence for each expected header that is not there or says something else. */
export function headerFaults(headers: Headers): string[] {
  return Object.entries(EXPECTED_HEADERS).flatMap(([name, expected]) => {
    const value = headers.get(name)
    if (value === null) return `The page comes without ${name}.`
    return expected.test(value) ? [] : `The page comes with ${name}: ${value.slice(0, 200)}.`
  })
}

/** As a browser opens it. */
export const openPage = (outside: Outside, domain = outside.domains[0]!) =>
  ask(outside, domain, "/", { headers: { Accept: "text/html", "Sec-Fetch-Mode": "navigate" } })
