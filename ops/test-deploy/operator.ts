import { join } from "node:path"

/** What a command of the operator's came to: `said` is the object of `--json`, `told` the progress on stderr. */
export type Done = { exitCode: number; said: Said; told: string; seconds: number }
type Said = { ok: boolean; message?: string; [fact: string]: unknown }

export type Running = {
  /** To the whole group of processes, as a terminal sends Ctrl-C. */
  signal: (name: "SIGINT" | "SIGKILL") => void
  /** Those of the group that are left, as `ps` shows them. */
  processes: () => string
  done: Promise<Done>
}

const REPOSITORY = join(import.meta.dir, "../..")

/** Runs `bun run ops` as an operator does, in a process of its own. Its output is one JSON object. */
export const ops = (...args: string[]): Promise<Done> => startOps(args).done

/** What a command prints on stdout for people. */
export async function opsForPeople(...args: string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, "run", "ops", ...args], { cwd: REPOSITORY, stderr: "ignore" })
  return new Response(child.stdout).text()
}

/** A command while it runs. `variables` are further ones of its environment. */
export function startOps(args: string[], variables: Record<string, string> = {}): Running {
  const began = performance.now()
  const child = Bun.spawn([process.execPath, "run", "ops", ...args, "--json"], {
    cwd: REPOSITORY,
    env: { ...process.env, ...variables },
    detached: true,
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
  const columns = ["-o", "pid=,stat=,args="]
  return {
    signal: (name) => void process.kill(-child.pid, name),
    processes: () => Bun.spawnSync(["ps", ...columns, "--sid", `${child.pid}`]).stdout.toString(),
    done,
  }
}
