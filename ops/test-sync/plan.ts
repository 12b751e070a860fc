import { seededRandom } from "../../client/src/sync/testing/virtual-world.ts"

/** What people do, by how often they do it. */
const EDITS = {
  "add-todo": 25,
  "edit-todo": 20,
  "complete-todo": 10,
  "order-todo": 8,
  "move-todo": 8,
  "trash-todo": 6,
  "restore-todo": 3,
  "add-list": 5,
  "edit-list": 4,
  "archive-list": 2,
  "trash-list": 2,
  "restore-list": 2,
  "edit-profile": 2,
  undo: 8,
  "do-something-invalid": 2,
  "edit-something-unknown": 1,
  burst: 1,
  "try-again": 1,
  discard: 1,
}

/** What goes wrong, or changes otherwise, by how often it does. */
const EVENTS = {
  "go-offline": 5,
  "go-online": 6,
  "lose-requests": 4,
  "lose-answers": 4,
  "be-slow": 4,
  "network-heals": 3,
  "cut-connection": 1,
  "fill-disk": 3,
  "free-disk": 4,
  "break-disk": 1,
  "open-tab": 6,
  "close-tab": 4,
  "kill-tab": 4,
  "kill-browser": 4,
  "freeze-tab": 2,
  "thaw-tab": 3,
  "set-clock": 2,
  "expire-session": 3,
  "sign-in": 4,
  "page-too-old": 1,
  "page-current": 2,
  "restart-server": 3,
  "back-up-server": 4,
  "restore-server": 2,
  "purge-trash": 2,
  "sleep-100-days": 0.5,
  "sleep-2-days": 0.5,
  join: 3,
  leave: 2,
  look: 3,
}

export type Kind = keyof typeof EDITS | keyof typeof EVENTS

/** Something that happens, the same whatever else does. */
export type Step = {
  n: number
  /** Milliseconds after the beginning. */
  at: number
  kind: Kind
  /** What it happens to; each from 0 to below 1. */
  picks: number[]
}

export type Plan = {
  seed: number
  /** Whose each device is. */
  devices: { person: number; blocked: boolean }[]
  people: number
  steps: Step[]
}

const STEPS = { least: 40, more: 60 }

/** What a seed stands for: two to six devices of one to three people, and what happens to them. */
export function planOf(seed: number): Plan {
  const random = seededRandom(seed)
  const upTo = (most: number) => Math.floor(random() * most)
  const people = 1 + upTo(3)
  const devices = Array.from({ length: Math.max(people, 2 + upTo(5)) }, (_, n) => ({
    person: n < people ? n : upTo(people),
    // Some browsers lend no storage.
    blocked: random() < 0.03,
  }))
  let at = 0
  const steps = Array.from({ length: STEPS.least + upTo(STEPS.more) }, (_, n): Step => {
    // Mostly within seconds, now and then after a while.
    at += random() < 0.9 ? random() * 3_000 : random() * 300_000
    const kind = random() < 0.75 ? oneOf(EDITS, random()) : oneOf(EVENTS, random())
    return { n, at: Math.round(at), kind, picks: Array.from({ length: 6 }, random) }
  })
  return { seed, people, devices, steps }
}

function oneOf<Name extends string>(weights: Record<Name, number>, pick: number): Name {
  const entries = Object.entries(weights) as [Name, number][]
  let left = pick * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of entries) {
    left -= weight
    if (left < 0) return name
  }
  return entries[0]![0]
}
