import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { watchDumping } from "./copy-progress.ts"
import { encryptStream } from "./encryption.ts"
import type { Manifest } from "./manifest.ts"
import { majorRefusal, postgresProgram } from "./postgres-program.ts"
import type { Storage } from "./storage.ts"
import { streamOf } from "./stream-of.ts"

type Dumped = {
  url: string
  manifest: Manifest
  /** The name of an exported snapshot, of which `manifest` was taken. */
  snapshot: string
  signal: AbortSignal
}

/** Dumps the snapshot straight into the object `key`, encrypted. Returns the object's size and its SHA-256. */
export async function sendDump(
  storage: Storage,
  key: string,
  recipients: string[],
  dumped: Dumped,
): Promise<{ size: number; sha256: string }> {
  say("dumping, encrypting and sending")
  await using dump = await startDump(dumped)
  await using _progress = watchDumping(dumped.url, dumped.manifest)
  const hash = new Bun.CryptoHasher("sha256")
  const sealed = await encryptStream(dump.content, recipients)
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
}

/** What `pg_dump` writes of the snapshot: a stream that fails where the program does. It is ended when disposed of. */
export async function startDump({
  url,
  manifest,
  snapshot,
  signal,
}: Dumped): Promise<AsyncDisposable & { content: ReadableStream<Uint8Array> }> {
  const args = ["--format=custom", "--compress=zstd:3", `--snapshot=${snapshot}`, "--no-password"]
  const program = await postgresProgram("pg_dump", args, { url, major: manifest.postgres.major })
  const child = Bun.spawn(program.command, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...dockerVariables(), ...program.environment },
    // Stays open: in a container its end is what the program is ended by when this process is killed.
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  })
  child.stdin.write(program.preamble)
  child.stdin.flush()
  const complaint = new Response(child.stderr).text()
  const stop = () => child.kill("SIGTERM")
  signal.addEventListener("abort", stop)
  const content = streamOf(
    (async function* () {
      yield* child.stdout
      // The stream must not end well where the program did not.
      const code = await child.exited
      if (signal.aborted) throw new Refusal(130, "Interrupted: nothing was made that is listed.")
      const told = (await complaint).trim()
      if (code !== 0)
        throw majorRefusal(told) ?? new Refusal(1, `pg_dump ended with ${code}: ${told.slice(-1000)}`)
    })(),
  )
  return {
    content,
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener("abort", stop)
      stop()
      await child.exited
    },
  }
}

/** Where `docker` finds its engine. */
export const dockerVariables = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith("DOCKER_") || name === "SSH_AUTH_SOCK"),
  )
