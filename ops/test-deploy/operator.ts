import { join } from "node:path"

/** What a command of the operator's came to: `said` is the object of `--json`, `told` the progress on stderr. */
export type Done = { exitCode: number; said: Said; told: string; seconds: number }
type Said = { ok: boolean; message?: string; [fact: string]: unknown }

export type Running = { pid: number; signal: (name: "SIGINT" | "SIGKILL") => void; done: Promise<Done> }

const CLI = join(import.meta.dir, "../cli.ts")

/** Runs `bun run ops` as an operator does, in a process of its own. Its output is one JSON object. */
export const ops = (...args: string[]): Promise<Done> => startOps(args).done

/** The same, while it runs. `variables` are further ones of its environment. */
export function startOps(args: string[], variables: Record<string, string> = {}): Running {
  const began = performance.now()
  const child = Bun.spawn(["bun", CLI, ...args, "--json"], {
    env: { ...process.env, ...variables },
    stdout: "pipe",
    stderr: "pipe",
    stdin: "ignore",
  })
  const done = Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]).then(([stdout, told, exitCode]) => ({
    exitCode,
    told,
    said: stdout ? (JSON.parse(stdout) as Said) : { ok: false },
    seconds: (performance.now() - began) / 1000,
  }))
  return { pid: child.pid, signal: (name) => child.kill(name), done }
}
