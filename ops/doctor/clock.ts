import { type Finding, ok, problem, warning } from "./finding.ts"

/** A clock that was read: whose it is, what it showed, and between which of our own moments; milliseconds. */
export type ClockReading = { whose: string; shown: number; asked: number; answered: number; grain: number }

const TOLERATED = 2_000
/** Access tokens are good for a quarter of an hour, certificates from the moment they are issued. */
const HARMFUL = 30_000

/** Whether the clocks agree with ours, as far as the way there and back and their grain let it be told. */
export function judgeClocks(readings: ClockReading[]): Finding[] {
  const off = readings.map((reading) => ({ ...reading, by: offset(reading) }))
  const wrong = off.filter(({ by }) => Math.abs(by) > TOLERATED)
  if (wrong.length === 0)
    return readings.length === 0
      ? []
      : [ok("clock", `The clocks agree: ${off.map(({ whose }) => whose).join(", ")}.`)]
  const first = wrong[0]!
  const together =
    wrong.length === off.length &&
    wrong.length > 1 &&
    wrong.every(({ by }) => Math.abs(by - first.by) < TOLERATED)
  if (together)
    return [
      warning(
        "clock",
        `The clock of this machine is ${seconds(-first.by)} all the others.`,
        "Set this machine's clock by NTP, then look again.",
      ),
    ]
  return wrong.map(({ whose, by }) =>
    (Math.abs(by) > HARMFUL ? problem : warning)(
      "clock",
      `The clock of ${whose} is ${seconds(by)} this machine's.`,
      "Set it by NTP (timedatectl set-ntp true; bun run ops setup-host does): sessions, links and certificates go by it.",
    ),
  )
}

/** Milliseconds by which the clock is ahead for certain; 0 if it may be right. */
function offset({ shown, asked, answered, grain }: ClockReading): number {
  if (shown + grain < asked) return shown + grain - asked
  return shown > answered ? shown - answered : 0
}

const seconds = (by: number) => `${(Math.abs(by) / 1000).toFixed(0)} s ${by > 0 ? "ahead of" : "behind"}`
