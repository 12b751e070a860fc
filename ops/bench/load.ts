/** Milliseconds that single requests took, and how long all of it did. */
export type Round = { latencies: number[]; elapsed: number }

/** `duration` in milliseconds; `rounds` beside one to warm up. */
export type Timing = { rounds: number; connections: number; duration: number }

/** Does `request` over and over on `connections` at once for `duration` milliseconds. It gets a running number. */
export async function load(
  request: (n: number) => Promise<void>,
  { connections, duration }: Omit<Timing, "rounds">,
): Promise<Round> {
  const latencies: number[] = []
  const start = performance.now()
  let n = 0
  const connection = async () => {
    while (performance.now() - start < duration) {
      const sent = performance.now()
      await request(n++)
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  return { latencies, elapsed: performance.now() - start }
}

/**
 * Loads each contender in turn, `rounds` times after one to warm up, so that whatever else the machine does falls on
 * all of them alike.
 */
export async function inTurns<Name extends string>(
  contenders: Record<Name, (n: number) => Promise<void>>,
  { rounds, ...options }: Timing,
): Promise<Record<Name, Figures>> {
  const names = Object.keys(contenders) as Name[]
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Round[]>
  for (let round = 0; round <= rounds; round++)
    for (const name of names) {
      const result = await load(contenders[name], options)
      if (round > 0) results[name].push(result)
    }
  return Object.fromEntries(names.map((name) => [name, figuresOf(results[name])])) as Record<Name, Figures>
}

/** `rate` in requests a second, the median of the rounds; latencies in milliseconds over all rounds. */
export type Figures = { rate: number; p50: number; p99: number; max: number }

export function figuresOf(rounds: Round[]): Figures {
  const latencies = rounds.flatMap((round) => round.latencies)
  return {
    rate: percentile(
      rounds.map((round) => (round.latencies.length / round.elapsed) * 1000),
      50,
    ),
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    max: percentile(latencies, 100),
  }
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor((share / 100) * sorted.length))] ?? Number.NaN
}

/** Sends a request and reads all of the answer. Throws unless it succeeded: a refusal is quick, and no measure. */
export async function send(url: string, { status = 200, ...init }: RequestInit & { status?: number } = {}) {
  const response = await fetch(url, init)
  const text = await response.text()
  if (response.status !== status)
    throw new Error(`${init.method ?? "GET"} ${url}: ${response.status} ${text}`)
  return text
}
