import { say } from "../progress.ts"

/** Milliseconds between two lines. */
const EVERY = 5_000

/**
 * For waiting with: given how many bytes are done, says every few seconds how far it is, how fast, and, where the total
 * is known, how long it will take.
 */
export function pace(verb: string, { total }: { total?: number | undefined } = {}) {
  const began = performance.now()
  let said = began
  return (done: number) => {
    const now = performance.now()
    if (now - said < EVERY) return
    said = now
    const rate = done / ((now - began) / 1000)
    const left =
      total === undefined || rate === 0 ? "" : `, ${duration(Math.max(0, (total - done) / rate))} left`
    const of = total === undefined ? "" : ` of ${bytes(total)}`
    say(`${verb}: ${bytes(done)}${of}, ${bytes(rate)}/s${left}`)
  }
}

/** `1.2 GB`, in powers of ten. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"]
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)))
  const value = count / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

/** `45 s`, `12 min`, `3.5 h`, `4 d` of so many seconds. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return seconds < 48 * 3600 ? `${(seconds / 3600).toFixed(1)} h` : `${Math.round(seconds / 86_400)} d`
}
