import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { watchDumping } from "./copy-progress.ts"
import { encryptStream } from "./encryption.ts"
import type { Manifest } from "./manifest.ts"
import { postgresProgram } from "./postgres-program.ts"
import type { Storage } from "./storage.ts"
import { streamOf } from "./stream-of.ts"

type Wanted = {
  url: string
  manifest: Manifest
  /** The name of an exported snapshot, of which `manifest` was taken. */
  snapshot: string
  recipients: string[]
  signal: AbortSignal
}

/** Dumps the snapshot straight into the object `key`, encrypted. Returns the object's size and its SHA-256. */
export async function sendDump(
  storage: Storage,
  key: string,
  { url, manifest, snapshot, recipients, signal }: Wanted,
): Promise<{ size: number; sha256: string }> {
  const args = ["--format=custom", "--compress=zstd:3", `--snapshot=${snapshot}`, "--no-password"]
  const program = await postgresProgram("pg_dump", args, { url, major: manifest.postgres.major })
  say("dumping, encrypting and sending")
  const child = Bun.spawn(program.command, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...dockerVariables(), ...program.environment },
    stdin: new Blob([program.preamble]),
    stdout: "pipe",
    stderr: "pipe",
  })
  const complaint = new Response(child.stderr).text()
  const stop = () => child.kill("SIGTERM")
  signal.addEventListener("abort", stop)
  await using _progress = watchDumping(url, manifest)
  const hash = new Bun.CryptoHasher("sha256")
  try {
    const dumped = streamOf(
      (async function* () {
        yield* child.stdout
        // The stream must not end well where the program did not.
        const code = await child.exited
        if (signal.aborted) throw new Refusal(130, "Interrupted: nothing was made that is listed.")
        if (code !== 0)
          throw new Refusal(1, `pg_dump ended with ${code}: ${(await complaint).trim().slice(-1000)}`)
      })(),
    )
    const sealed = await encryptStream(dumped, recipients)
    const counted = streamOf(
      (async function* () {
        for await (const chunk of sealed) {
          hash.update(chunk)
          yield chunk
        }
      })(),
    )
    const size = await storage.upload(key, counted)
    return { size, sha256: hash.digest("hex") }
  } finally {
    signal.removeEventListener("abort", stop)
    child.kill("SIGTERM")
  }
}

/** Where `docker` finds its engine. */
export const dockerVariables = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith("DOCKER_") || name === "SSH_AUTH_SOCK"),
  )
