import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "../../testing/until.ts"

/** As Debian calls them. */
const PROGRAMS = [
  "prometheus",
  "promtool",
  "prometheus-alertmanager",
  "amtool",
  "prometheus-node-exporter",
  "prometheus-postgres-exporter",
  "prometheus-blackbox-exporter",
]

/** A sentence with the cure when a program is missing, or nothing. */
export function missingPrograms(): string | undefined {
  const missing = PROGRAMS.filter((program) => !Bun.which(program))
  if (missing.length === 0) return
  return `${missing.join(", ")}: apt-get install prometheus prometheus-alertmanager prometheus-node-exporter prometheus-postgres-exporter prometheus-blackbox-exporter`
}

export const newFolder = () => mkdtemp(join(tmpdir(), "docket-safety-"))

/** What a program that ends by itself prints. Throws with that when it fails. */
export async function run(program: string, ...args: string[]): Promise<string> {
  const child = Bun.spawn([program, ...args], { stdout: "pipe", stderr: "pipe", stdin: "ignore" })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (exitCode !== 0) throw new Error(`${program} ${args[0]}: ${stdout}${stderr}`)
  return stdout + stderr
}

export type Running = { end: () => Promise<void> }

/** A program that goes on, until it answers at `url`. Its output is in `log`. */
export async function start(
  program: string[],
  { url, log, environment = {} }: { url: string; log: string; environment?: Record<string, string> },
): Promise<Running> {
  const file = Bun.file(log)
  const child = Bun.spawn(program, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdin: "ignore",
    stdout: file,
    stderr: file,
  })
  await until(`${program[0]} answers`, async () => {
    if (child.exitCode !== null) throw new Error(`${program[0]} ended: ${(await file.text()).slice(-1500)}`)
    return (await fetch(url).catch(() => null))?.ok
  })
  return {
    end: async () => {
      child.kill("SIGKILL")
      await child.exited
    },
  }
}
