import { Refusal } from "../refusal.ts"

/** Runs `docker` with `args` on one engine, `input` on its standard input, and resolves to what it printed. */
export type Docker = (args: string[], input?: string) => Promise<string>

/**
 * The docker command, pointed at `engine` (`unix://…`, `tcp://…`, `ssh://…`); where DOCKER_HOST is set, that wins.
 * Throws a `Refusal` (1) with docker's own complaint.
 */
export function dockerAt(engine?: string): Docker {
  const host = process.env.DOCKER_HOST || engine
  const env = { ...process.env, ...(host ? { DOCKER_HOST: host } : {}) }
  return async (args, input) => {
    if (!Bun.which("docker")) throw new Refusal(1, "The docker command is not on the PATH.")
    const child = Bun.spawn(["docker", ...args], {
      env,
      stdin: input === undefined ? "ignore" : new Blob([input]),
      stdout: "pipe",
      stderr: "pipe",
    })
    const [stdout, stderr, exitCode] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    if (exitCode !== 0)
      throw new Refusal(1, `docker ${args.slice(0, 2).join(" ")} failed: ${stderr.trim().slice(-1000)}`)
    return stdout.trim()
  }
}
