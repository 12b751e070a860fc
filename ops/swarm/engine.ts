import type { Environment } from "../environments/environment.ts"
import { sshVariables } from "../host/ssh-identity.ts"
import { Refusal } from "../refusal.ts"
import { openDialSocket } from "./dial-socket.ts"
import { EngineApi } from "./engine-api.ts"
import type { EngineInfo } from "./engine-types.ts"

const SECONDS = { first: 20, command: 600 }

export type Ran = { exitCode: number; stdout: string; stderr: string }

/**
 * The Engine API as typed JSON, and the `docker` command, both of the engine that an environment names.
 *
 * Requests go through a local socket, behind which `docker system dial-stdio` makes each connection: so `unix://`,
 * `tcp://`, `ssh://` and Docker's contexts are one, with the operator's SSH configuration and known hosts.
 */
export class Engine extends EngineApi implements AsyncDisposable {
  /** The engine's clock minus ours, in milliseconds. */
  private clockOffset = 0

  /**
   * Connects, and refuses unless the engine answers and manages a Swarm (`swarm: false`: whether or not it does).
   * Gives up after `seconds`: an SSH that hangs would hang for ever.
   */
  static async open(
    environment: Environment,
    { swarm = true, seconds = SECONDS.first }: { swarm?: boolean; seconds?: number | undefined } = {},
  ): Promise<Engine> {
    if (!Bun.which("docker"))
      throw new Refusal(1, "The docker command is not on the PATH. Install Docker's client first.")
    const named = environment.kind === "swarm" ? environment.engine : undefined
    const host = process.env.DOCKER_HOST ?? named
    const ssh = environment.kind === "swarm" ? sshVariables(environment, host) : {}
    const engine = new Engine(host ?? "its usual place", await openDialSocket(host, ssh))
    try {
      const info = await engine.get<EngineInfo>("/info", {}, { seconds, tries: 1 })
      engine.clockOffset = Date.parse(info.SystemTime) - Date.now()
      if (swarm && !info.Swarm.ControlAvailable)
        throw new Refusal(
          3,
          `The engine at ${engine.host} manages no Swarm. Make it one: bun run ops setup-host ${environment.name}`,
        )
      return engine
    } catch (error) {
      await engine[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The time by the engine's clock, which is the same for everyone who deploys. */
  now(): Date {
    return new Date(Date.now() + this.clockOffset)
  }

  /**
   * Runs the `docker` command on this engine, whatever comes of it; for what the API leaves to the command: the
   * registry's credentials, a stack file. It is in a session of its own, so Ctrl-C is for us to answer.
   */
  async docker(
    args: string[],
    {
      stdin,
      seconds = SECONDS.command,
      env = {},
    }: { stdin?: string; seconds?: number; env?: Record<string, string> } = {},
  ): Promise<Ran> {
    const child = Bun.spawn(["docker", ...args], {
      env: { ...process.env, ...this.socket.variables, ...env },
      stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
      stdout: "pipe",
      stderr: "pipe",
      detached: true,
      timeout: seconds * 1000,
    })
    const [stdout, stderr, exitCode] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    const reason = child.signalCode ? `docker ${args[0]} did not end within ${seconds} s.` : stderr.trim()
    return { exitCode, stdout: stdout.trim(), stderr: reason }
  }

  /** Like `docker`, but what it printed, or a `Refusal` (1) with its complaint. */
  readonly printed = async (args: string[], stdin?: string): Promise<string> => {
    const ran = await this.docker(args, { ...(stdin !== undefined && { stdin }) })
    if (ran.exitCode === 0) return ran.stdout
    throw new Refusal(1, `docker ${args.slice(0, 2).join(" ")} failed: ${ran.stderr.slice(-1000)}`)
  }

  /** What a child of ours needs in its environment so that its `docker` is this engine. */
  get variables(): Record<string, string> {
    return this.socket.variables
  }

  async [Symbol.asyncDispose]() {
    await this.socket.close()
  }
}
