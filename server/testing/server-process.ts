import { join } from "node:path"
import { freePort } from "../free-port.ts"
import { keepLog } from "./kept-logs.ts"

export type ServerProcess = {
  url: URL
  pid: number
  /** Resolves to the exit code. */
  exited: Promise<number>
  /** Everything written so far, to both outputs. */
  output: () => string
  /** The log's lines so far. */
  log: () => { level: string; message: string; [member: string]: unknown }[]
  kill: (signal: NodeJS.Signals) => void
}

/**
 * Runs server/main.ts as it is run in production, on a port of its own, without waiting for anything. `options` are Bun's.
 */
export async function startServer(
  environment: Record<string, string>,
  options: string[] = [],
): Promise<ServerProcess> {
  const port = environment.PORT ? Number(environment.PORT) : await freePort()
  const child = Bun.spawn(
    [process.execPath, "--no-env-file", ...options, join(import.meta.dir, "../main.ts")],
    {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        JWT_SECRET_KEY: "a key for tests that is long enough to be one",
        ...environment,
        PORT: `${port}`,
      },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  )
  let output = ""
  for (const stream of [child.stdout, child.stderr]) {
    ;(async () => {
      const decoder = new TextDecoder()
      for await (const chunk of stream) {
        const text = decoder.decode(chunk, { stream: true })
        output += text
        keepLog(text)
      }
    })()
  }
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    pid: child.pid,
    exited: child.exited,
    output: () => output,
    log: () =>
      output
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line)),
    kill: (signal) => child.kill(signal),
  }
}

/** Resolves when the server answers; throws with its output if it ends instead, or takes a minute. */
export async function untilListening(server: ServerProcess): Promise<ServerProcess> {
  let ended = false
  server.exited.then(() => {
    ended = true
  })
  for (const until = performance.now() + 60_000; performance.now() < until; await Bun.sleep(25)) {
    if (ended) break
    const answer = await fetch(new URL("/health/live", server.url)).catch(() => null)
    if (answer?.ok) return server
  }
  throw new Error(`The server does not answer:\n${server.output()}`)
}
