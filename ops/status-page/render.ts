import {
  type DayOf,
  daysOf,
  EVERY_MINUTES,
  type Found,
  type History,
  PARTS,
  type Part,
  type Share,
  sum,
  verdict,
} from "./history.ts"
import style from "./page.css" with { type: "text" }

/** Of the looks that there should have been. */
const GOAL = 0.999
const NAMES: Record<Part, string> = {
  page: "The page",
  api: "The API",
  database: "Saving and syncing",
  mail: "Letters",
}

/** The whole page, as a document without scripts; times in UTC. */
export function render(history: History, { title, now }: { title: string; now: number }): string {
  const { found } = history.last
  const overall = daysOf(history, "all", now)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(headline(found))} – ${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="site">${escaped(title)}</p>
<h1 class="${worst(found)}"><span aria-hidden="true">${MARKS[worst(found)]}</span> ${headline(found)}</h1>
<p>Last looked at <time datetime="${new Date(now).toISOString()}">${moment(now)}</time>, from outside, every ${EVERY_MINUTES} minutes.
If that is long ago, it is the monitor that does not work.</p>
</header>
<section aria-labelledby="now">
<h2 id="now">Now, and the last 90 days</h2>
${PARTS.map((part) => partOf(part, found[part], daysOf(history, part, now))).join("\n")}
<p class="key"><span class="day up"></span> no failure seen <span class="day some"></span> failures for a part of the day
<span class="day down"></span> failing for most of it <span class="day none"></span> not looked at</p>
</section>
<section aria-labelledby="uptime">
<h2 id="uptime">Uptime</h2>
<p>${uptime(sum(overall))}</p>
</section>
${failures(overall)}
</main>
</body>
</html>
`
}

type State = "up" | "down" | "none"
const MARKS: Record<State, string> = { up: "✓", down: "✕", none: "?" }
const SAID: Record<State, string> = { up: "Works", down: "Fails", none: "Not known" }
const stateOf = (found: Found[Part]): State => found ?? "none"

const worst = ({ page, api, database }: Found): State => {
  const needed = [page, api, database]
  return needed.includes("down") ? "down" : needed.includes(null) ? "none" : "up"
}

function headline(found: Found): string {
  const needed = [found.page, found.api, found.database]
  if (needed.every((one) => one === "down")) return "Nothing answers"
  if (needed.includes("down")) return "A part does not work"
  if (found.mail === "down") return "Everything works, but letters are late"
  return needed.includes(null) ? "Not everything is known" : "Everything works"
}

function partOf(part: Part, found: Found[Part], days: DayOf[]): string {
  const state = stateOf(found)
  const share = sum(days)
  const failing = days.filter(({ down }) => down > 0).length
  const unknown = days.filter(({ up, down }) => up + down === 0).length
  const words = `${failing === 0 ? "No failure was seen" : `Failures were seen on ${plural(failing, "day")}`}; ${plural(unknown, "day")} of 90 not looked at.`
  const seen = share.up + share.down
  return `<div class="part">
<h3>${NAMES[part]}</h3>
<p class="state ${state}"><span aria-hidden="true">${MARKS[state]}</span> ${SAID[state]}</p>
<div class="days" role="img" aria-label="${words}">${days.map((day) => `<span class="day ${kindOf(day)}"></span>`).join("")}</div>
<p class="share">${seen === 0 ? "Not looked at yet" : `${percent(share.up, seen)} of the looks found it working`}</p>
</div>`
}

/** A day that was only half looked at is as its looks were. */
function kindOf({ up, down }: Share): string {
  if (up + down === 0) return "none"
  if (down === 0) return "up"
  return down > up ? "down" : "some"
}

function uptime(share: Share): string {
  const all = share.up + share.down + share.unknown
  if (all === 0) return "This is the first look: there is nothing to tell yet."
  const said = {
    met: "The goal of 99.9 % was met",
    missed: "The goal of 99.9 % was missed",
    unknown: "Whether the goal of 99.9 % was met is not known: too many looks are missing",
  }[verdict(share, GOAL)]
  return `<strong>${percent(share.up, all)}</strong> of the last 90 days, or since there are looks, page, API and database were seen
working; ${percent(share.down, all)} they were seen failing, and ${percent(share.unknown, all)} nobody looked, which counts as
unknown and never as working. ${said}.`
}

/** The days on which anything failed, newest first: what the bars show, in words. */
function failures(days: DayOf[]): string {
  const failed = days.filter(({ down }) => down > 0).toReversed()
  if (failed.length === 0) return ""
  const rows = failed.map(
    ({ day, down }) => `<tr><th scope="row">${day}</th><td>${minutes(down * EVERY_MINUTES)}</td></tr>`,
  )
  return `<section aria-labelledby="failures">
<h2 id="failures">Days with failures</h2>
<table><thead><tr><th scope="col">Day (UTC)</th><th scope="col">Seen failing</th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table>
</section>`
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`
const minutes = (count: number) =>
  count < 120 ? `about ${count} minutes` : `about ${(count / 60).toFixed(1)} hours`
/** Cut off, never rounded up: 99.96 % is no 100 %. */
const percent = (some: number, all: number) => `${(Math.floor((10_000 * some) / all) / 100).toFixed(2)} %`
const moment = (now: number) => `${new Date(now).toISOString().slice(0, 16).replace("T", " ")} UTC`
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
