import { from, signIn } from "./callers.ts"
import { percentile, send } from "./load.ts"
import type { Measured } from "./processes.ts"
import { milliseconds, printTable } from "./table.ts"

/** 100 new people at once, each registering, signing in, creating and listing. Prints how long the steps take. */
export async function hundredNewPeople(docket: Measured) {
  await docket.eventLoopDelay()
  const steps: Record<string, number[]> = { register: [], "sign in": [], create: [], list: [] }
  const start = performance.now()
  await Promise.all(Array.from({ length: 100 }, (_, n) => newPerson(docket.origin, n, steps)))
  const elapsed = performance.now() - start
  printTable(
    `100 new people at once, each registering, signing in, creating and listing: ${(elapsed / 1000).toFixed(2)} s`,
    ["", "p50 ms", "p99 ms"],
    Object.entries(steps).map(([name, times]) => [
      name,
      milliseconds(percentile(times, 50)),
      milliseconds(percentile(times, 99)),
    ]),
  )
  await printEventLoop(docket)
}

async function newPerson(origin: string, n: number, steps: Record<string, number[]>) {
  const headers = from(`203.0.113.${n}`)
  const person = { email: `new-${n}@example.org`, password: `a new password, number ${n}` }
  const step = async (name: string, path: string, init: RequestInit & { status?: number }) => {
    const sent = performance.now()
    const text = await send(`${origin}${path}`, { headers, ...init })
    steps[name]!.push(performance.now() - sent)
    return text
  }
  const post = (body: unknown) => ({ method: "POST", status: 201, body: JSON.stringify(body) })
  await step("register", "/api/accounts", post({ ...person, name: `Person ${n}` }))
  const { accessToken } = JSON.parse(await step("sign in", "/api/sessions", post(person)))
  headers.Authorization = `Bearer ${accessToken}`
  await step("create", "/api/todos", post({ title: "The first thing" }))
  await step("list", "/api/todos", {})
}

/** Whether the rest stays quick while a hundred passwords are being hashed. Prints the latencies. */
export async function whileHundredSignIn(docket: Measured, headers: Record<string, string>) {
  await docket.eventLoopDelay()
  const start = performance.now()
  let signingIn = true
  const everyone = Promise.all(
    Array.from({ length: 100 }, (_, n) => signIn(docket.origin, `person1-${n}@example.org`, `192.0.2.${n}`)),
  ).finally(() => {
    signingIn = false
  })
  const probe = async (path: string) => {
    const latencies: number[] = []
    while (signingIn) {
      const sent = performance.now()
      await send(`${docket.origin}${path}`, { headers })
      latencies.push(performance.now() - sent)
      await Bun.sleep(5)
    }
    const figures = [50, 99].map((which) => milliseconds(percentile(latencies, which)))
    return [`GET ${path}`, ...figures, `${latencies.length}`]
  }
  const [live, list] = await Promise.all([probe("/health/live"), probe("/api/todos"), everyone])
  printTable(
    `While 100 people sign in at once (${((performance.now() - start) / 1000).toFixed(2)} s)`,
    ["", "p50 ms", "p99 ms", "requests"],
    [live, list],
  )
  await printEventLoop(docket)
}

async function printEventLoop(docket: Measured) {
  const { p50, p99, max } = await docket.eventLoopDelay()
  console.log(
    `Event loop late by: p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, at most ${milliseconds(max)} ms.`,
  )
}
