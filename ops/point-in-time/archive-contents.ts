import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "../swarm/engine.ts"
import { runOneShot } from "../swarm/one-shot.ts"
import type { CurrentSecrets } from "../swarm/secrets.ts"
import { archiveJob } from "./job.ts"

/** A position in the write-ahead log, in bytes. */
export type Position = bigint

export type PhysicalBackup = {
  /** pgBackRest's, as in 20261122-005039F. */
  label: string
  began: Date
  ended: Date
  timeline: number
  end: Position
  /** Of the database. */
  bytes: number
}

export type Timeline = {
  id: number
  /** When it began to serve. The first: always. */
  since: Date
  /** The timelines that it comes from, each followed up to a position. */
  parents: { id: number; until: Position }[]
}

/** Backups and timelines, oldest first. */
export type ArchiveContents = { backups: PhysicalBackup[]; timelines: Timeline[] }

type Told = {
  info: {
    status: { code: number; message: string }
    repo?: { status: { code: number; message: string } }[]
    backup?: {
      label: string
      error?: boolean
      archive: { start: string }
      lsn: { stop: string }
      timestamp: { start: number; stop: number }
      info: { size: number }
    }[]
  }[]
  histories: Record<string, { time?: number }>
  texts: Record<string, string>
}

const SECONDS = 180

/** What the stack's archive holds, read in a job. Throws a `Refusal` that names why it can't be. */
export async function archiveContents(
  engine: Engine,
  environment: SwarmEnvironment,
  secrets: CurrentSecrets,
  signal: AbortSignal,
): Promise<ArchiveContents> {
  const { ended, output, reason } = await runOneShot(engine, {
    ...(await archiveJob(engine, environment, secrets)),
    name: `${environment.stack}_archive-contents`,
    command: ["bash", "-c", await Bun.file(`${import.meta.dir}/../database/archive-contents.sh`).text()],
    seconds: SECONDS,
    signal,
  })
  if (signal.aborted) throw signal.reason
  if (ended !== "done") throw archiveFault(output || reason)
  const text = Buffer.from(output.replaceAll(/\s/g, ""), "base64").toString()
  return contentsIn(readTold(text))
}

/** What could not be decrypted is quoted by pgBackRest, and may be no JSON. */
function readTold(text: string): Told {
  try {
    return JSON.parse(text) as Told
  } catch {
    throw archiveFault(text)
  }
}

/** Throws a `Refusal` where pgBackRest says that it could not read the archive. */
export function contentsIn({ info, histories, texts }: Told): ArchiveContents {
  const [stanza] = info
  const faulty = stanza?.repo?.find(({ status }) => status.code === 99)
  if (faulty) throw archiveFault(faulty.status.message)
  const backups = (stanza?.backup ?? []).map((backup) => ({
    label: backup.label,
    began: new Date(backup.timestamp.start * 1000),
    ended: new Date(backup.timestamp.stop * 1000),
    timeline: Number.parseInt(backup.archive.start.slice(0, 8), 16),
    end: positionOf(backup.lsn.stop),
    bytes: backup.info.size,
  }))
  const begun = Object.entries(texts).map(([name, text]) => ({
    id: Number.parseInt(name.slice(0, 8), 16),
    since: new Date((histories[name]?.time ?? 0) * 1000),
    parents: parentsIn(Buffer.from(text, "base64").toString()),
  }))
  const first = { id: 1, since: new Date(0), parents: [] }
  return {
    backups: backups.sort((one, other) => one.ended.getTime() - other.ended.getTime()),
    timelines: [first, ...begun.sort((one, other) => one.id - other.id)],
  }
}

/** A timeline's history file: `parent TAB position TAB reason` (PostgreSQL, "Timelines"). */
const parentsIn = (text: string) =>
  text.split("\n").flatMap((line) => {
    const [, id, position] = /^(\d+)\t([0-9A-F]+\/[0-9A-F]+)/.exec(line) ?? []
    return id && position ? [{ id: Number(id), until: positionOf(position) }] : []
  })

/** `0/3000060`: the upper and the lower 32 bits. */
const positionOf = (text: string): Position => {
  const [upper, lower] = text.split("/").map((half) => BigInt(`0x${half}`))
  return (upper! << 32n) | lower!
}

const FAULTS: [RegExp, string][] = [
  [
    // What is decrypted by another mostly does not end as it should, and else is no text.
    /CryptoError|decrypt|FormatError/,
    "Wrong passphrase: the archive was encrypted with another than archive-passphrase is now.",
  ],
  [
    /InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|\b403\b/i,
    "The storage refuses archive-access-key-id and archive-secret-access-key.",
  ],
  [/NoSuchBucket/i, "There is no such bucket."],
  [
    /certificate|TLS error|unable to verify/i,
    "The storage's certificate can't be verified: `ca` of [archive].",
  ],
  [
    /HostConnectError|unable to (connect|get address)|timeout|ServiceError|\b50[0234]\b|FileReadError/i,
    "The storage does not answer.",
  ],
  [/FileMissingError|missing stanza|no valid backups/i, "Nothing is archived there yet."],
]

const MOST_LINE = 200

/** The refusal (1, or 3 where a setting is wrong) for what pgBackRest complained of. */
export function archiveFault(complaint: string): Refusal {
  const sentence = FAULTS.find(([pattern]) => pattern.test(complaint))?.[1]
  // What it could not decrypt it quotes.
  const said = complaint
    .split("\n")
    .slice(-12)
    .map((line) => line.replaceAll(/[^\x20-\x7e]+/g, "·").slice(0, MOST_LINE))
    .join("\n")
  return new Refusal(
    sentence === undefined || /does not answer/.test(sentence) ? 1 : 3,
    `The archive can't be read. ${sentence ?? ""} Nothing was changed. pgBackRest says:\n${said}\n`,
    { complaint: said },
  )
}
