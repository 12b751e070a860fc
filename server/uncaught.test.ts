import { expect, test } from "bun:test"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

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
    const main = join(import.meta.dir, "main.ts")
    const child = Bun.spawn([process.execPath, "--no-env-file", "--preload", preload, main], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        JWT_SECRET_KEY: "a key for tests that is long enough to be one",
        // Nothing answers there, so it waits and goes on living.
        DATABASE_URL: "postgres://docket@127.0.0.1:9/docket",
        PORT: "0",
      },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    })
    const [stdout, stderr, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    expect(code).toBe(1)
    const last = JSON.parse(stdout.trim().split("\n").at(-1)!)
    expect(last).toMatchObject({
      level: "fatal",
      message: "ended by an error that nobody caught",
      err: { type: "Error", message: "no letter to s***@example.org" },
    })
    expect(last.err.stack.length).toBeGreaterThan(0)
    expect(stdout + stderr).not.toContain("someone.private")
    expect(stdout + stderr).not.toContain("a private password")
  },
)
