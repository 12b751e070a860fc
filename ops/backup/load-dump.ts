import type { FileSink } from "bun"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { watchRestoring } from "./copy-progress.ts"
import { dockerVariables } from "./dump.ts"
import { decryptStream, WrongKey } from "./encryption.ts"
import type { Manifest } from "./manifest.ts"
import { bytes } from "./pace.ts"
import { majorRefusal, postgresProgram } from "./postgres-program.ts"
import type { Storage } from "./storage.ts"
import { type Backup, keysOf } from "./stored-backups.ts"
import { streamOf } from "./stream-of.ts"

type Wanted = {
  /** An empty database. */
  url: string
  manifest: Manifest
  identities: string[]
  /** Whether owners and rights are restored too; their roles have to be there. */
  grants: boolean
  signal: AbortSignal
}

/**
 * Indexes are built in memory where they fit, by several processes; and a restore that a crash ends is begun anew, so no
 * commit has to wait for the disk.
 */
const QUICK = "-c maintenance_work_mem=256MB -c synchronous_commit=off"

/**
 * Reads the dump of `backup` back into the database at `url`, without a file between. Throws a `Refusal` that names what
 * is wrong with the object (missing, cut short, changed, for other keys); the database then holds a part, and is to be
 * dropped.
 */
export async function loadDump(storage: Storage, backup: Backup, wanted: Wanted): Promise<void> {
  const { dump: key } = keysOf(backup.id)
  await requireWhole(storage, backup, key)
  const { url, manifest, identities, grants, signal } = wanted
  const hash = new Bun.CryptoHasher("sha256")
  const cipher = streamOf(
    (async function* () {
      for await (const chunk of storage.stream(key, backup.dump.size)) {
        hash.update(chunk)
        yield chunk
      }
    })(),
  )
  const plain = await decryptStream(cipher, identities, key).catch((error) => {
    // The same identity has opened the manifest.
    if (!(error instanceof WrongKey)) throw error
    throw new Refusal(3, `${key} is damaged: its beginning is not what was encrypted.`)
  })
  say(`fetching, decrypting and restoring ${bytes(backup.dump.size)}`)
  await restoreFrom(plain, { url, manifest, grants, signal }, key)
  if (hash.digest("hex") !== backup.dump.sha256)
    throw new Refusal(
      3,
      `${key} is not the one that was written with this backup: it was changed or replaced.`,
    )
}

async function requireWhole(storage: Storage, backup: Backup, key: string) {
  const size = await storage.sizeOf(key)
  if (size === null) throw new Refusal(3, `A part of ${backup.id} is missing: ${key}.`)
  if (size === backup.dump.size) return
  const [less, more] = [backup.dump.size - size, size - backup.dump.size]
  throw new Refusal(
    3,
    less > 0
      ? `${key} is cut short: ${bytes(less)} of ${bytes(backup.dump.size)} are missing.`
      : `${key} is ${bytes(more)} longer than it was written.`,
  )
}

/** Has `pg_restore` read `plain`, a dump called `what`, into the database at `url`, and says how far it is. */
export async function restoreFrom(
  plain: ReadableStream<Uint8Array>,
  { url, manifest, grants, signal }: Omit<Wanted, "identities">,
  what: string,
): Promise<void> {
  await using _progress = watchRestoring(url, manifest)
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const args = ["--format=custom", "--exit-on-error", "--no-password", `--dbname=${name}`]
  if (!grants) args.push("--no-owner", "--no-acl")
  const program = await postgresProgram("pg_restore", args, {
    url,
    major: manifest.postgres.major,
    options: QUICK,
  })
  const child = Bun.spawn(program.command, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...dockerVariables(), ...program.environment },
    stdin: "pipe",
    stdout: "ignore",
    stderr: "pipe",
  })
  const stop = () => child.kill("SIGTERM")
  signal.addEventListener("abort", stop)
  const complaint = new Response(child.stderr).text()
  let ended = false
  void child.exited.then(() => {
    ended = true
  })
  try {
    await feed(child.stdin, program.preamble, plain, () => !ended && !signal.aborted).catch((error) => {
      // A program that has ended says itself why.
      if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error
    })
    const code = await child.exited
    if (signal.aborted) throw new Refusal(130, "Interrupted: what was restored so far is dropped.")
    if (code !== 0) throw restoreRefusal((await complaint).trim(), what)
  } finally {
    signal.removeEventListener("abort", stop)
    child.kill("SIGTERM")
  }
}

async function feed(
  stdin: FileSink,
  preamble: string,
  plain: ReadableStream<Uint8Array>,
  isWanted: () => boolean,
) {
  stdin.write(preamble)
  for await (const chunk of plain) {
    if (!isWanted()) break
    stdin.write(chunk)
    await stdin.flush()
  }
  await stdin.end()
}

function restoreRefusal(complaint: string, what: string): Refusal {
  const last = complaint.slice(-1000)
  const otherMajor = majorRefusal(complaint)
  if (otherMajor) return otherMajor
  if (/No space left on device/.test(complaint))
    return new Refusal(1, `The database's disk is full: ${/.*No space left on device.*/.exec(complaint)![0]}`)
  if (
    /unexpected end of file|could not read from input file|does not appear to be a valid archive/.test(
      complaint,
    )
  )
    return new Refusal(3, `${what} is no whole dump: ${last}`)
  if (/server closed the connection unexpectedly|terminating connection/.test(complaint))
    return new Refusal(
      1,
      `The database server ended the connection, as it does when its disk is full: ${last}`,
    )
  return new Refusal(1, `pg_restore failed: ${last}`)
}
