import { expect, test } from "bun:test"
import { busyPort } from "./ports.ts"

test("the first port that another process listens on is named, with what to do", async () => {
  for (const hostname of ["127.0.0.1", "0.0.0.0"]) {
    const other = Bun.serve({ port: 0, hostname, fetch: () => new Response() })
    const port = other.port!
    expect(await busyPort({ PAGE_PORT: port })).toBe(
      `Port ${port} is in use: end what listens there, or choose another with PAGE_PORT=${port + 1} bun dev`,
    )
    await other.stop(true)
    expect(await busyPort({ PAGE_PORT: port })).toBeUndefined()
  }
})
