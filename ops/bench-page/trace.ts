import type { Page } from "playwright"

/** What the main thread does for a frame, by the names that Chromium's timeline has for it. All else is script's. */
const WORK: Record<string, Work> = {
  UpdateLayoutTree: "style",
  Layout: "layout",
  PrePaint: "paint",
  Paint: "paint",
  Layerize: "paint",
  Commit: "paint",
  EventDispatch: "script",
  FunctionCall: "script",
  FireAnimationFrame: "script",
  TimerFire: "script",
  RunMicrotasks: "script",
  "v8.callFunction": "script",
  MinorGC: "script",
  MajorGC: "script",
}
export type Work = "script" | "style" | "layout" | "paint"

/** Milliseconds, with what recording the timeline adds to them. */
export type Parts = {
  /** From the event's `timeStamp` until its first handler began: the input waited for its turn. */
  waited: number
  /** The handlers, with what they did to styles and layout. */
  handled: number
} & Record<Work, number>

type TraceEvent = {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  dur?: number
  args: {
    data?: {
      type: string
      timeStamp: number
      duration: number
      processingStart: number
      processingEnd: number
    }
  }
}

/**
 * Records Chromium's timeline while `act` runs, which returns the `timeStamp` of each event that counts, and finds there
 * what the main thread did from each event to its frame.
 */
export async function traced(page: Page, act: () => Promise<number[]>): Promise<Parts[]> {
  const browser = page.context().browser()!
  await browser.startTracing(page, { categories: ["devtools.timeline", "v8"] })
  const pressed = await act()
  const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse(`${await browser.stopTracing()}`)
  const timings = traceEvents.filter(
    // The release of a button has the click's `timeStamp`.
    ({ name, ph, args }) => name === "EventTiming" && ph === "b" && /^(click|keydown)$/.test(args.data!.type),
  )
  return pressed.map((at) => {
    const timing = timings.find(({ args }) => Math.abs(args.data!.timeStamp - at) < 0.2)
    if (!timing) throw new Error("Chromium's timeline has no timing of an event.")
    const { timeStamp, processingStart, processingEnd } = timing.args.data!
    return {
      waited: processingStart - timeStamp,
      handled: processingEnd - processingStart,
      ...workOf(traceEvents, timing),
    }
  })
}

/** What each kind of work took by itself, without the others that it called for. */
function workOf(all: TraceEvent[], timing: TraceEvent): Record<Work, number> {
  const [start, end] = [timing.ts, timing.ts + timing.args.data!.duration * 1000]
  const within = all
    .filter(({ ph, pid, name }) => ph === "X" && pid === timing.pid && WORK[name])
    .filter(({ ts, dur = 0 }) => ts < end && ts + dur > start)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
  const work = { script: 0, style: 0, layout: 0, paint: 0 }
  const open: TraceEvent[] = []
  const until = ({ ts, dur = 0 }: TraceEvent) => Math.min(end, ts + dur)
  for (const event of within) {
    while (open.length > 0 && until(open.at(-1)!) <= event.ts) open.pop()
    const took = (until(event) - Math.max(start, event.ts)) / 1000
    work[WORK[event.name]!] += took
    const outer = open.at(-1)
    if (outer) work[WORK[outer.name]!] -= took
    open.push(event)
  }
  return work
}
