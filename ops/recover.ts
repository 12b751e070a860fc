import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, dirname, join, resolve } from "node:path"
import { bytes, duration } from "./backup/pace.ts"
import { Storage } from "./backup/storage.ts"
import { localCommand, type Result } from "./command.ts"
import { needSwarm, readEnvironment, type SwarmEnvironment } from "./environments/environment.ts"
import { writeEnvironmentFiles } from "./environments/files.ts"
import { say } from "./progress.ts"
import { backupToRecover, type Chosen } from "./recovery-kit/choose-backup.ts"
import { checksumOf, openKit, wantsPassphrase } from "./recovery-kit/envelope.ts"
import { kitKey } from "./recovery-kit/keys.ts"
import type { Kit } from "./recovery-kit/kit.ts"
import { type Recovered, recoverStack } from "./recovery-kit/recover-stack.ts"
import { Refusal } from "./refusal.ts"
import { changeStack } from "./swarm/change-stack.ts"
import { imageByDigest } from "./swarm/images.ts"

export default localCommand({
  name: "recover",
  description:
    "Brings an environment back on an empty host, from its recovery kit and the bucket alone: secrets, release, the newest proven backup, smoke test: docs/operations/disaster-recovery.md",
  examples: [
    "bun run ops recover docket-production.kit --engine ssh://deploy@new.example.org",
    "bun run ops recover docket-production.kit --environment production   # its file, as changed for the new host",
    "bun run ops recover docket-production.kit --backup newest --release sha256:…",
  ],
  arguments: {
    kit: { type: "positional", required: true, description: "The kit's file" },
    engine: { type: "string", description: "The new host, in place of the one that the environment names" },
    environment: {
      type: "string",
      description:
        "This environment's file in place of the kit's (recovery-kit --check --unpack writes that)",
    },
    backup: { type: "string", description: "Its id, or newest; the newest that is proven unless given" },
    release: {
      type: "string",
      description: "A digest; the one that served when the backup was taken unless given",
    },
  },
  run: async ({ arguments: given, dryRun }) => {
    const began = performance.now()
    if (given.engine && given.environment)
      throw new Refusal(
        2,
        "--engine changes the kit's environment, and --environment names another: give one.",
      )
    const file = Bun.file(given.kit)
    if (!(await file.exists())) throw new Refusal(2, `There is no file ${given.kit}.`)
    const sealed = await file.text()
    const kit = await openKit(sealed, await kitKey(wantsPassphrase(sealed)))
    const beside = join(dirname(resolve(given.kit)), basename(given.kit).replace(/\.[^.]+$|$/, "-unpacked"))
    const folder = dryRun ? await mkdtemp(join(tmpdir(), "docket-kit-")) : beside
    const environment = await environmentOf(kit, folder, given)
    const chosen = await chooseFrom(environment, kit, given.backup)
    const image = releaseOf(environment, kit, { chosen, given: given.release })
    const plan = planText(environment, { chosen, image })
    if (dryRun) return { text: `It would bring ${plan}`, facts: { image, backup: chosen?.backup.id ?? null } }
    say(`brings ${plan}`)
    const checksum = checksumOf(sealed)
    const wanted = { kit, checksum, image, backup: chosen?.backup.id ?? null }
    const recovered = await changeStack(environment, `recovers ${environment.stack}`, (change) =>
      recoverStack(change, wanted),
    )
    return recoveredResult(environment, { chosen, recovered, seconds: (performance.now() - began) / 1000 })
  },
})

/** The environment as it is to be now: of a file that is given, or the kit's, written beside it. */
async function environmentOf(
  kit: Kit,
  folder: string,
  { engine, environment }: { engine?: string; environment?: string },
): Promise<SwarmEnvironment> {
  const path = environment ?? (await writeEnvironmentFiles(folder, kit.environment, engine))
  if (!environment) say(`the environment's file is ${path}: keep it in ops/environments/`)
  const read = needSwarm(await readEnvironment(path), "A recovery kit is of a Swarm.")
  if (read.stack === kit.environment.stack) return read
  throw new Refusal(2, `${path} is of the stack ${read.stack}, and the kit of ${kit.environment.stack}.`)
}

async function chooseFrom(
  { backup: place, database }: SwarmEnvironment,
  { backups }: Kit,
  named: string | undefined,
): Promise<Chosen | null> {
  if (database === "outside") return null
  if (!place || !backups)
    throw new Refusal(
      3,
      "The kit knows of no backups, and the database was in the stack: nothing can bring it back.",
    )
  const { endpoint, bucket, region = "us-east-1", prefix = "" } = place
  const whole = prefix.replace(/^\/+|\/+$/g, "").replace(/(?<=.)$/, "/")
  return backupToRecover(
    new Storage({ endpoint, bucket, region, prefix: whole, ...backups.reader }),
    backups,
    named,
  )
}

/** A release older than the backup would not serve its schema, so the backup's own comes before the kit's. */
function releaseOf(
  environment: SwarmEnvironment,
  kit: Kit,
  { chosen, given }: { chosen: Chosen | null; given: string | undefined },
): string {
  const deployed = chosen?.backup.deployed
  const known = given ?? (deployed?.startsWith(`${environment.image}@`) ? deployed : kit.release?.image)
  if (known) return imageByDigest(environment, known)
  throw new Refusal(2, "Neither the kit nor the backup knows a release: name one with --release sha256:…")
}

function planText({ stack }: SwarmEnvironment, { chosen, image }: { chosen: Chosen | null; image: string }) {
  const data = chosen
    ? `the database of ${chosen.backup.takenAt} (${chosen.backup.id}, ${bytes(chosen.backup.dump.size)}: ${chosen.why})`
    : "no database, which is elsewhere"
  return `${stack} back with ${data} and the release ${image}.`
}

type Ended = { chosen: Chosen | null; recovered: Recovered; seconds: number }

function recoveredResult(
  { name }: SwarmEnvironment,
  { chosen, recovered: { release, restored }, seconds }: Ended,
): Result {
  const proof = restored?.restored?.proof
  const rto = Math.round(seconds * 10) / 10
  const rpo = chosen && Math.round((Date.now() - Date.parse(chosen.backup.takenAt)) / 1000 - seconds)
  const lines = [
    `${name} serves again: release ${release.number}, ${release.version}, ${release.image}. The smoke test passes.`,
    ...(proof
      ? [
          `${restored!.backup} is restored and proven equal: ${proof.tables} tables, ${proof.rows!.toLocaleString("en")} rows, ${proof.definitions} definitions, ${proof.sequences} sequences, ${proof.grants} grants.`,
        ]
      : []),
    `RTO: ${duration(rto)}, from the command to the smoke test.${chosen ? ` RPO: it brings back ${chosen.backup.takenAt}, ${duration(rpo!)} before the command.` : ""}`,
    ...(restored
      ? [
          `It is quiet: no mail goes out and no job runs until bun run ops restore ${name} --go-live`,
          ...(restored.quieted?.lettersDropped ?? []).map(
            ({ kind, accountId }) => `  not sent: ${kind} to account ${accountId}`,
          ),
        ]
      : []),
  ]
  return {
    text: lines.join("\n"),
    facts: {
      release: release.image,
      restored,
      rtoSeconds: rto,
      rpoSeconds: rpo,
      backup: chosen?.backup.id ?? null,
    },
  }
}
