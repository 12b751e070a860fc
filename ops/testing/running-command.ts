import { expect } from "./check.ts"

/** What a command of the operator's came to. */
export type Done = {
  exitCode: number
  /** The object of `--json`. */
  said: { ok: boolean; code?: number; message?: string; [fact: string]: unknown }
  /** What was written to standard error: the progress. */
  told: string
  seconds: number
}

export type Running = {
  /** Resolves when a line of its progress matches. */
  telling: (line: RegExp) => Promise<void>
  /** To it alone. */
  kill: (name: NodeJS.Signals) => void
  /** To the whole group of processes, as a terminal sends Ctrl-C. */
  signal: (name: NodeJS.Signals) => void
  /** Those of the group that are left, as `ps` shows them. */
  processes: () => string
  done: Promise<Done>
}

/** Starts a command whose output is one JSON object, in a group of processes of its own. */
export function startCommand(
  command: string[],
  { cwd, environment }: { cwd?: string; environment: NodeJS.ProcessEnv },
): Running {
  const began = performance.now()
  const child = Bun.spawn(command, {
    ...(cwd && { cwd }),
    env: environment,
    detached: true,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  let told = ""
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of child.stderr) told += decoder.decode(chunk, { stream: true })
  })()
  const done = (async () => {
    const [stdout, exitCode] = await Promise.all([new Response(child.stdout).text(), child.exited, reading])
    return { exitCode, said: readObject(stdout), told, seconds: (performance.now() - began) / 1000 }
  })()
  const columns = ["-o", "pid=,stat=,args="]
  return {
    telling: async (line) => {
      while (!line.test(told)) {
        if (child.exitCode !== null) throw new Error(`it ended before it said ${line}: ${told}`)
        await Bun.sleep(5)
      }
    },
    kill: (name) => child.kill(name),
    signal: (name) => void process.kill(-child.pid, name),
    processes: () => Bun.spawnSync(["ps", ...columns, "--sid", `${child.pid}`]).stdout.toString(),
    done,
  }
}

function readObject(stdout: string): Done["said"] {
  try {
    return JSON.parse(stdout)
  } catch {
    return { ok: false, message: `no JSON: ${stdout}` }
  }
}

export function succeeded({ exitCode, said, told }: Done) {
  expect(exitCode === 0 && said.ok, `it ended with ${exitCode}: ${said.message}\n${told}`)
}

/**
 * That a command ended with the exit code `code`, said why, in its JSON too, and gave no secret away. Returns the first
 * line of what it said.
 */
export function refused({ exitCode, said, told }: Done, code: number, reason: RegExp): string {
  expect(exitCode === code, `it ended with ${exitCode}, not ${code}: ${said.message}\n${told}`)
  expect(said.ok === false && said.code === code, "its JSON says something else than its exit code")
  expect(reason.test(said.message ?? ""), `it says: ${said.message}\n${told}`)
  expect(!/AGE-SECRET-KEY|PRIVATE KEY/.test(`${told}${said.message}`), "it tells a secret")
  return said.message!.split("\n")[0]!
}
