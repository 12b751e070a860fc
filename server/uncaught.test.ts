import { expect, test } from "bun:test"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startServer } from "./testing/server-process.ts"

test.each([
  ["an exception", "throw error"],
  ["a rejection", "void Promise.reject(error)"],
])(
  "%s that nobody catches ends the process, in the log's own form and through its masks",
  async (_, fail) => {
    const preload = join(await mkdtemp(join(tmpdir(), "docket-uncaught-")), "fail.ts")
    await Bun.write(
      preload,
      `setInterval(() => {
      // Only once the log is open: before that nothing was sent by anyone.
      if (process.listenerCount("uncaughtException") === 0) return
      const error = Object.assign(new Error("no letter to someone.private@example.org"), { parameters: ["a private password"] })
      ${fail}
    }, 300)`,
    )
    // Nothing answers there, so it waits and goes on living.
    const server = await startServer({ DATABASE_URL: "postgres://docket@127.0.0.1:9/docket" }, [
      "--preload",
      preload,
    ])
    const code = await server.exited
    await Bun.sleep(100)
    expect(code).toBe(1)
    const last = server.log().at(-1) as unknown as { err: { stack: string[] } }
    expect(last).toMatchObject({
      level: "fatal",
      message: "ended by an error that nobody caught",
      err: { type: "Error", message: "no letter to s***@example.org" },
    })
    expect(last.err.stack.length).toBeGreaterThan(0)
    expect(server.output()).not.toContain("someone.private")
    expect(server.output()).not.toContain("a private password")
  },
)
