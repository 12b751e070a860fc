import { Refusal } from "../refusal.ts"

/** The versions that are tested, and how Go fetches them: its checksum database vouches for what it builds. */
const PROGRAMS = {
  cosign: "github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5",
  syft: "github.com/anchore/syft/cmd/syft@v1.51.0",
}

export type Program = keyof typeof PROGRAMS
export type Ran = { exitCode: number; stdout: string; stderr: string }

/** A sentence for each of the programs that is not on the PATH. */
export function missingPrograms(...names: Program[]): string[] {
  return names
    .filter((name) => !Bun.which(name))
    .map((name) => `The command ${name} is not on the PATH: \`go install ${PROGRAMS[name]}\`.`)
}

/** Runs `cosign` or `syft`, whatever comes of it; ends it after `seconds`. Refuses (2) when it is not there. */
export async function run(
  name: Program,
  args: string[],
  { variables = {}, seconds = 120 }: { variables?: Record<string, string>; seconds?: number } = {},
): Promise<Ran> {
  const [missing] = missingPrograms(name)
  if (missing) throw new Refusal(2, missing)
  const child = Bun.spawn([name, ...args], {
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
  const ended = child.signalCode === "SIGTERM" ? `${name} had no answer within ${seconds} s.\n` : ""
  return { exitCode, stdout, stderr: `${stderr}${ended}`.trim() }
}
