import { describe, expect, test } from "bun:test"
import { composeLetter, type Occasion } from "./compose.ts"
import { catalogues, type Language } from "./languages.ts"

const languages = Object.keys(catalogues) as Language[]
const kinds = Object.keys(catalogues.en.letters) as Occasion["kind"][]
const link = "https://docket.example.org/verify#token=k3Jd8sZp0qLm5nVt7yWx2bRc4fGh6jKl8oPq1sTu3vW"
const occasion = (changes: Partial<Occasion> = {}): Occasion => ({
  kind: "reset-password",
  language: "en",
  name: "Ana",
  link,
  frontendUrl: "https://docket.example.org",
  moment: "2026-11-21T23:04:00.000Z",
  timeZone: "Europe/Madrid",
  ...changes,
})

for (const language of languages)
  describe(language, () => {
    for (const kind of kinds)
      test(kind, () => {
        const { subject, text, html } = composeLetter(occasion({ language, kind }))
        // Plain: no name, nothing that shouts, nothing that a phone's list of letters cuts off.
        expect(subject).not.toMatch(/Ana|!|\n/)
        expect([...subject].length).toBeLessThanOrEqual(50)
        expect(html).toContain(`<html lang="${language}"`)
        expect(html).toContain("docket.example.org")
        // Nothing is loaded, nothing runs, and the only links lead to Docket.
        expect(html).not.toMatch(/<(img|script|link|iframe|form)\b|url\(|@import/i)
        const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)
        expect(links).toEqual(kind === "email-changed" ? [] : [link, link])
        if (kind !== "email-changed") expect(text.split("\n")).toContain(link)
        expect(`${text}${html}`).not.toMatch(/undefined|null|\[object|\$\{/)
        const said = html.replace(/<style>[\s\S]*<\/style>/, "").replace(/<[^>]+>/g, "")
        for (const paragraph of text.split(/\n+/).filter((line) => line && line !== "-- "))
          if (paragraph !== link && !paragraph.endsWith(catalogues[language].colon))
            expect(said).toContain(Bun.escapeHTML(paragraph))
      })
  })

test("no text of one language stands in another", () => {
  const texts = languages.map((language) =>
    kinds.flatMap((kind) =>
      Object.values(catalogues[language].letters[kind]({ site: "x", when: "y" })).flat(),
    ),
  )
  const all = texts.flat().filter((text) => text !== null)
  const own = texts.flatMap((list) => [...new Set(list)]).filter((text) => text !== null)
  expect(new Set(all).size).toBe(own.length)
})

test("a moment is written in the reader's language and time zone", () => {
  const text = (changes: Partial<Occasion>) =>
    composeLetter(occasion({ kind: "deletion-scheduled", ...changes })).text
  expect(text({ language: "es" })).toContain("22 de noviembre de 2026")
  expect(text({ language: "zh-CN" })).toContain("2026年11月22日")
  expect(text({ timeZone: "America/New_York" })).toContain("November 21, 2026 at 6:04 PM")
  expect(text({ timeZone: "UTC" })).toContain("11:04 PM UTC")
  expect(text({ timeZone: "Mars/Olympus" })).toContain("November 21, 2026")
})

test("a name is words, whatever it looks like", () => {
  const name = `<script>alert("x")</script>\r\nBcc: everyone@example.org`
  const { subject, html } = composeLetter(occasion({ name }))
  expect(html).not.toContain("<script")
  expect(html).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;")
  expect(subject).not.toContain("Bcc")
})
