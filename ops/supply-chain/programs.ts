import { Refusal } from "../refusal.ts"

/** The versions that are tested. Go's checksum database vouches for what `go install` makes of them. */
export const PROGRAMS = {
  cosign: "github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5",
  syft: "github.com/anchore/syft/cmd/syft@v1.51.0",
}

export type Program = keyof typeof PROGRAMS
export type Ran = { exitCode: number; stdout: string; stderr: string }
type Options = { variables?: Record<string, string>; seconds?: number }

/** A sentence for each of the programs that is not on the PATH. */
export function missingPrograms(...names: Program[]): string[] {
  return names
    .filter((name) => !Bun.which(name))
    .map((name) => `The command ${name} is not on the PATH: \`go install ${PROGRAMS[name]}\`.`)
}

/** Runs `cosign` or `syft`, whatever comes of it. Refuses (2) when it is not there. */
export async function run(program: Program, args: string[], options: Options = {}): Promise<Ran> {
  const [missing] = missingPrograms(program)
  if (missing) throw new Refusal(2, missing)
  return exec(program, args, options)
}

/** Runs a command with `variables` beside the environment's, whatever comes of it, and ends it after `seconds`. */
export async function exec(
  command: string,
  args: string[],
  { variables = {}, seconds = 120 }: Options = {},
): Promise<Ran> {
  const child = Bun.spawn([command, ...args], {
    env: { ...process.env, ...variables },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: seconds * 1000,
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  const ended = child.signalCode === "SIGTERM" ? `${command} was not done within ${seconds} s.\n` : ""
  return { exitCode, stdout, stderr: `${stderr}${ended}`.trim() }
}
