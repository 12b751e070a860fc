import type { Subprocess } from "bun"
import { freePort } from "../../server/free-port.ts"

export type Measured = {
  pid: number
  origin: string
  /** Of the process, in MB. */
  residentMemory: () => Promise<number>
  /** Processor time that it has used, in milliseconds. */
  processorTime: () => Promise<number>
  /** How late the event loop was since this was last asked, in milliseconds. */
  eventLoopDelay: () => Promise<{ p50: number; p99: number; max: number }>
  stop: () => Promise<void>
}

type Report = {
  listening?: number
  memory?: number
  cpu?: number
  delay?: { p50: number; p99: number; max: number }
}

/** Starts a server as a process of its own, which reports on itself (report.ts), and waits until it answers at `path`. */
export async function startServer(
  file: string,
  { environment, path, port: given }: { environment: Record<string, string>; path: string; port?: number },
): Promise<Measured> {
  const port = given ?? (await freePort())
  const waiting: ((report: Report) => void)[] = []
  const process_: Subprocess = Bun.spawn(
    [process.execPath, "--preload", `${import.meta.dir}/report.ts`, `${import.meta.dir}/../../${file}`],
    {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment, PORT: `${port}` },
      stdout: "ignore",
      stderr: "inherit",
      ipc: (report: Report) => waiting.shift()?.(report),
    },
  )
  const ask = () =>
    new Promise<Report>((resolve) => {
      waiting.push(resolve)
      process_.send("report")
    })
  const origin = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    if (process_.exitCode !== null || tries > 300) throw new Error(`${file} did not start`)
    if (
      await fetch(`${origin}${path}`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      break
    await Bun.sleep(100)
  }
  return {
    pid: process_.pid,
    origin,
    residentMemory: async () => (await ask()).memory!,
    processorTime: async () => (await ask()).cpu!,
    eventLoopDelay: async () => (await ask()).delay!,
    stop: async () => {
      process_.kill("SIGTERM")
      await process_.exited
    },
  }
}
