import type { Histogram, Metric } from "prom-client"

/** Upper bounds in seconds, with the alerts' thresholds among them. */
export const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10]

type Series = { labels: Record<string, string>; counts: Float64Array; sum: number }

/**
 * A histogram of seconds whose series are made once and then counted into by reference. The library's own hashes all
 * labels at each observation, 3 to 10 µs: too much for something on the way of every request.
 */
export class Durations {
  readonly #series: Series[] = []

  constructor(
    readonly name: string,
    readonly help: string,
  ) {}

  /** A new series; the caller keeps it. Labels must be of few values: they are kept for as long as the process. */
  series(labels: Record<string, string>): Series {
    const series = { labels, counts: new Float64Array(BUCKETS.length + 1), sum: 0 }
    this.#series.push(series)
    return series
  }

  observe(series: Series, seconds: number) {
    let bucket = 0
    while (bucket < BUCKETS.length && seconds > BUCKETS[bucket]!) bucket += 1
    series.counts[bucket]! += 1
    series.sum += seconds
  }

  /** How many there were, and how many above `seconds`, which is one of the buckets' bounds. */
  count(seconds: number): { all: number; above: number } {
    const from = BUCKETS.indexOf(seconds) + 1
    let [all, above] = [0, 0]
    for (const { counts } of this.#series)
      for (const [bucket, count] of counts.entries()) {
        all += count
        if (bucket >= from) above += count
      }
    return { all, above }
  }

  /** As a registry of prom-client takes it. */
  asMetric(): Metric {
    const { name, help } = this
    const metric = {
      name,
      help,
      type: "histogram",
      aggregator: "sum",
      get: async () => ({
        name,
        help,
        type: "histogram",
        aggregator: "sum",
        values: this.#series.flatMap((series) => valuesOf(name, series)),
      }),
    }
    return metric as unknown as Histogram
  }
}

/** Cumulative, as the text format has it. */
function valuesOf(name: string, { labels, counts, sum }: Series) {
  let total = 0
  const buckets = [...counts].map((count, index) => {
    total += count
    const le = BUCKETS[index] ?? "+Inf"
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: total },
  ]
}
