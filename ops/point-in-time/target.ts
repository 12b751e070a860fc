import { Refusal } from "../refusal.ts"

/** What a database is brought back to. `at` is when that was, as far as it is known: now, for the latest. */
export type Target =
  | { kind: "latest"; at: Date }
  | { kind: "time"; at: Date }
  | { kind: "point"; at: Date; name: string }

const ZONED = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)? ?(Z|[+-]\d\d(:?\d\d)?)$/i
const POINT = /^release-(\d+)(?:-(\d{8}T\d{6}Z))?$/
const FORMS =
  "a time with its zone, as in 2026-11-22T14:05:00Z; a release's restore point, as in release-12; or latest"

/** The restore point that a deploy makes: it names the release, and says in itself when that was. */
export const pointName = (release: number, at: Date) =>
  `release-${release}-${at.toISOString().replace(/[-:]|\.\d+/g, "")}`

/**
 * What `--to` means. `points` are the restore points on record, for those that are named by their release alone; `now`
 * is by the engine's clock. Throws a `Refusal` (2) that says what is wrong with it.
 */
export function targetOf(given: string, { points, now }: { points: string[]; now: Date }): Target {
  const text = given.trim()
  if (text === "latest") return { kind: "latest", at: now }
  const point = POINT.exec(text)
  if (point) return pointNamed(text, point, points)
  if (!ZONED.test(text)) throw new Refusal(2, `--to ${text} is no moment. It is ${FORMS}.`)
  const at = new Date(
    text
      .replace(" ", "T")
      .replace(/ ?([+-]\d\d)$/, "$1:00")
      .replace(/ ?([+-]\d\d)(\d\d)$/, "$1:$2"),
  )
  if (Number.isNaN(at.getTime())) throw new Refusal(2, `--to ${text} is on no calendar or clock.`)
  if (at > now)
    throw new Refusal(2, `--to ${text} is in the future: it is ${now.toISOString()} by the engine's clock.`)
  return { kind: "time", at }
}

function pointNamed(text: string, [, release, stamp]: RegExpExecArray, points: string[]): Target {
  const name = stamp ? text : points.findLast((point) => point.startsWith(`release-${release}-`))
  if (!name) {
    const known = points.slice(-5).join(", ") || "none"
    throw new Refusal(2, `There is no restore point of release ${release} on record. There are: ${known}.`)
  }
  const [, date, time] = /(\d{8})T(\d{6})Z$/.exec(name)!
  const iso = `${date!.replace(/(\d{4})(\d\d)(\d\d)/, "$1-$2-$3")}T${time!.replace(/(\d\d)(\d\d)(\d\d)/, "$1:$2:$3")}Z`
  return { kind: "point", name, at: new Date(iso) }
}

/** As a person reads it. */
export const targetText = (target: Target) =>
  target.kind === "latest"
    ? "the latest that is archived"
    : target.kind === "time"
      ? target.at.toISOString()
      : target.name
