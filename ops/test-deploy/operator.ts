import { join } from "node:path"
import { type Done, type Running, startCommand } from "../testing/running-command.ts"

const REPOSITORY = join(import.meta.dir, "../..")

/** Runs `bun run ops` as an operator does, in a process of its own. Its output is one JSON object. */
export const ops = (...args: string[]): Promise<Done> => startOps(args).done

/** What a command prints on stdout for people. */
export async function opsForPeople(...args: string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, "run", "ops", ...args], { cwd: REPOSITORY, stderr: "ignore" })
  return new Response(child.stdout).text()
}

/** A command while it runs. `variables` are further ones of its environment. */
export const startOps = (args: string[], variables: Record<string, string> = {}): Running =>
  startCommand([process.execPath, "run", "ops", ...args, "--json"], {
    cwd: REPOSITORY,
    environment: { ...process.env, ...variables },
  })
