import { type Static, Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"

/** Minutes between two looks; a day has 288, and one that nobody took is unknown. */
export const EVERY_MINUTES = 5
export const DAYS = 90
/** What is looked at. The first three are what the uptime is of. */
export const PARTS = ["page", "api", "database", "mail"] as const
export type Part = (typeof PARTS)[number]
export type Found = Record<Part, "up" | "down" | null>

const SLOT = EVERY_MINUTES * 60_000
const DAY = 86_400_000
export const SLOTS_OF_A_DAY = DAY / SLOT

const count = Type.Integer({ minimum: 0, maximum: SLOTS_OF_A_DAY })
const counts = Type.Object({ up: count, down: count }, { additionalProperties: false })
const shape = Type.Object({
  format: Type.Literal(1),
  /** The first look that there ever was; before it nothing was to be known. ISO 8601. */
  since: Type.String({ pattern: "Z$" }),
  /** The last look: its slot, counted from 1970, and what it found. */
  last: Type.Object({ slot: Type.Integer({ minimum: 0 }), found: Type.Record(Type.String(), Type.Any()) }),
  /** Of each UTC day how many looks found each part up and down, and `all`: the whole of what the uptime is of. */
  days: Type.Record(Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d$" }), Type.Record(Type.String(), counts)),
})
export type History = Omit<Static<typeof shape>, "last"> & { last: { slot: number; found: Found } }

/** Null for what is no history. */
export function parseHistory(text: string): History | null {
  try {
    const value: unknown = JSON.parse(text)
    return Value.Check(shape, value) && !Number.isNaN(Date.parse(value.since)) ? (value as History) : null
  } catch {
    return null
  }
}

export const slotOf = (now: number) => Math.floor(now / SLOT)
const dayOf = (slot: number) => new Date(slot * SLOT).toISOString().slice(0, 10)

/**
 * `history` with a look at `now` (milliseconds since 1970). Each slot counts once: what a second look in it finds down is down,
 * whatever the first found, so two monitors may look at once. Of the days those beyond the last 90 go.
 */
export function withLook(history: History | null, found: Found, now: number): History {
  const slot = slotOf(now)
  const before = history ?? { format: 1 as const, since: new Date(now).toISOString(), days: {}, last: null }
  const same = before.last?.slot === slot ? before.last.found : null
  const worse = same ? (mapParts((part) => worseOf(same[part], found[part])) as Found) : found
  const days: Record<string, Record<string, { up: number; down: number }>> = structuredClone(before.days)
  days[dayOf(slot)] ??= {}
  const day = days[dayOf(slot)]!
  for (const [part, now] of Object.entries(withAll(worse))) {
    const counted = same ? withAll(same)[part as Part | "all"] : null
    day[part] ??= { up: 0, down: 0 }
    const of = day[part]
    if (counted) of[counted] -= 1
    if (now) of[now] += 1
  }
  const oldest = dayOf(slot - (DAYS - 1) * SLOTS_OF_A_DAY)
  for (const name of Object.keys(days)) if (name < oldest) delete days[name]
  return { format: 1, since: before.since, days, last: { slot, found: worse } }
}

const mapParts = <T>(map: (part: Part) => T) => Object.fromEntries(PARTS.map((part) => [part, map(part)]))
const worseOf = (one: "up" | "down" | null, other: "up" | "down" | null) =>
  one === "down" || other === "down" ? "down" : (one ?? other)

/** The whole is up while page, API and database are; of mail that waits nobody loses anything. */
function withAll(found: Found): Record<Part | "all", "up" | "down" | null> {
  const needed = [found.page, found.api, found.database]
  const all = needed.includes("down") ? "down" : needed.includes(null) ? null : "up"
  return { ...found, all }
}

export type Share = { up: number; down: number; unknown: number }
export type DayOf = Share & { day: string }

/** The last 90 UTC days of a part, oldest first: looks that found it up or down, and those that there were not. */
export function daysOf(history: History, part: Part | "all", now: number): DayOf[] {
  const current = slotOf(now)
  // The slot that is under way is not missing yet.
  const end = history.last.slot === current ? current + 1 : current
  const first = slotOf(Date.parse(history.since))
  return Array.from({ length: DAYS }, (_, n) => {
    const day = dayOf(current - (DAYS - 1 - n) * SLOTS_OF_A_DAY)
    const begin = Date.parse(`${day}T00:00:00Z`) / SLOT
    const wanted = Math.max(0, Math.min(begin + SLOTS_OF_A_DAY, end) - Math.max(begin, first))
    const { up, down } = history.days[day]?.[part] ?? { up: 0, down: 0 }
    return { day, up, down, unknown: Math.max(0, wanted - up - down) }
  })
}

export const sum = (days: Share[]): Share =>
  days.reduce(
    (all, { up, down, unknown }) => ({
      up: all.up + up,
      down: all.down + down,
      unknown: all.unknown + unknown,
    }),
    { up: 0, down: 0, unknown: 0 },
  )

/** Whether `goal` (0.999) was met: only by what was seen up; missed only by what was seen down. */
export function verdict({ up, down, unknown }: Share, goal: number): "met" | "missed" | "unknown" {
  const all = up + down + unknown
  if (all === 0) return "unknown"
  if (up / all >= goal) return "met"
  return down / all > 1 - goal ? "missed" : "unknown"
}
