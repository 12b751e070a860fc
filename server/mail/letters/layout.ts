import type { LetterText } from "./catalogue.ts"
import type { Language } from "./languages.ts"

type Parts = { greeting: string | null; link: string; language: Language; site: string; linkInFull: string }

/**
 * The page's roles (client/src/styles/tokens.css) as the sRGB that mail programs know: light, dark. Programs that
 * drop the style sheet show the light ones, which stand inline.
 */
const colours = {
  outside: ["#f6f7f9", "#101216"],
  surface: ["#ffffff", "#16181d"],
  line: ["#e1e3e7", "#2b2e34"],
  text: ["#20232a", "#e7e8ed"],
  muted: ["#61656e", "#a1a5ae"],
  accent: ["#3b58c4", "#8ba8f6"],
  "on-accent": ["#ffffff", "#0e1321"],
} as const

const light = (role: keyof typeof colours) => colours[role][0]
const dark = (role: keyof typeof colours) => colours[role][1]

const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'PingFang TC', 'Microsoft YaHei', 'Microsoft JhengHei', 'Noto Sans CJK SC', sans-serif"

/** What dark mode repaints: `!important` is the only way over an inline style. */
const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .outside { background-color: ${dark("outside")} !important; }
  .surface { background-color: ${dark("surface")} !important; border-color: ${dark("line")} !important; }
  .text { color: ${dark("text")} !important; }
  .muted { color: ${dark("muted")} !important; }
  .accent { color: ${dark("accent")} !important; }
  .line { border-color: ${dark("line")} !important; }
  .button { background-color: ${dark("accent")} !important; border-color: ${dark("accent")} !important; color: ${dark("on-accent")} !important; }
}
@media (max-width: 599px) {
  .outside-cell { padding: 0 !important; }
  .surface { border-radius: 0 !important; border-width: 0 !important; padding: 28px 20px !important; }
  .button { display: block !important; }
  .button-table { width: 100% !important; }
}`

/** The letter as an HTML document: one column, one button, the link in full below it. Loads nothing. */
export function layOut(
  { subject, heading, paragraphs, button, validity, reason }: LetterText,
  { greeting, link, language, site, linkInFull }: Parts,
): string {
  const preview = paragraphs[0] ?? ""
  return `<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>${escaped(subject)}</title>
<style>${STYLE}</style>
</head>
<body class="outside" style="margin: 0; padding: 0; background-color: ${light("outside")}; -webkit-text-size-adjust: 100%; text-size-adjust: 100%;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">${escaped(preview)}</div>
<table role="presentation" class="outside" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color: ${light("outside")};">
<tr><td class="outside-cell" align="center" style="padding: 40px 16px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width: 560px;">
<tr><td class="surface" align="left" style="padding: 40px; background-color: ${light("surface")}; border: 1px solid ${light("line")}; border-radius: 12px; font-family: ${FONT}; font-size: 16px; line-height: 1.5;">
${wordmark(site)}
<h1 class="text" style="margin: 0 0 16px; color: ${light("text")}; font-size: 24px; line-height: 1.25; font-weight: 600; text-wrap: balance;">${unbroken(heading)}</h1>
${[...(greeting ? [greeting] : []), ...paragraphs].map(paragraph).join("\n")}
${button ? action(button, link, { validity, linkInFull }) : ""}
<p class="muted line" style="margin: 32px 0 0; padding-top: 20px; border-top: 1px solid ${light("line")}; color: ${light("muted")}; font-size: 13px; line-height: 1.5; overflow-wrap: anywhere;">${escaped(reason)}</p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}

const wordmark = (site: string) =>
  `<p style="margin: 0 0 28px; font-size: 14px; line-height: 1.25;"><span class="accent" style="color: ${light("accent")}; font-weight: 600;">Docket</span> <span class="muted" style="color: ${light("muted")};">${escaped(site)}</span></p>`

const paragraph = (text: string) =>
  `<p class="text" style="margin: 0 0 16px; color: ${light("text")}; overflow-wrap: anywhere;">${escaped(text)}</p>`

const action = (
  button: string,
  link: string,
  { validity, linkInFull }: { validity: string | null; linkInFull: string },
) => `<table role="presentation" class="button-table" cellpadding="0" cellspacing="0" border="0" style="margin: 28px 0 24px;">
<tr><td align="center"><a class="button" href="${escaped(link)}" style="display: inline-block; padding: 11px 22px; border: 1px solid ${light("accent")}; border-radius: 8px; background-color: ${light("accent")}; color: ${light("on-accent")}; font-weight: 600; text-align: center; text-decoration: none;">${escaped(button)}</a></td></tr>
</table>
${validity ? `<p class="text" style="margin: 0 0 16px; color: ${light("text")};">${escaped(validity)}</p>` : ""}
<p class="muted" style="margin: 0; color: ${light("muted")}; font-size: 13px; line-height: 1.5;">${escaped(linkInFull)}<br><a class="accent" href="${escaped(link)}" style="color: ${light("accent")}; overflow-wrap: anywhere; word-break: break-all;">${escaped(link)}</a></p>`

/** Browsers break a line after the hyphen of "e-mail". */
const unbroken = (heading: string) =>
  escaped(heading).replace(/e-mail/gi, '<span style="white-space: nowrap;">$&</span>')

/** Names are written by people: nothing of theirs becomes markup, in text or in an attribute. */
const escaped = (text: string) => Bun.escapeHTML(text)
