import { createPublicKey } from "node:crypto"
import { drill } from "./backup/drill.ts"
import { interruptible } from "./backup/interruption.ts"
import { duration } from "./backup/pace.ts"
import { proofKey } from "./backup/proofs.ts"
import { telling } from "./backup/report-end.ts"
import { databaseUrl, identitySettings, keepFor, storageSettings } from "./backup/settings.ts"
import { placeOf } from "./backup/snapshot.ts"
import { Storage } from "./backup/storage.ts"
import { chooseBackup } from "./backup/stored-backups.ts"
import { tellMonitoring } from "./backup/tell-monitoring.ts"
import { localCommand } from "./command.ts"

export default localCommand({
  name: "drill",
  description:
    "Proves a backup on the server of DRILL_DATABASE_URL: restores, compares, migrates, has the application work on it, signs the proof; then removes old backups.",
  examples: ["bun run ops drill", "bun run ops drill 20261121T214554Z-4f9a1c --json"],
  arguments: {
    backup: {
      type: "positional",
      required: false,
      description: "Its id in bun run ops backups; the newest unless given",
    },
    "without-grants": {
      type: "boolean",
      description: "Leave owners and rights out, where their roles can't be made",
    },
  },
  run: async ({ arguments: given, dryRun }) => {
    const storage = new Storage(storageSettings())
    const url = databaseUrl("DRILL_DATABASE_URL")
    const identities = identitySettings()
    const key = proofKey()
    const { days, months } = keepFor()
    const backup = await chooseBackup(storage, given.backup)
    if (dryRun)
      return {
        text: `It would prove ${backup.id} in a throw-away database on the server of ${placeOf(url)}, and then remove backups of more than ${days} days${months > 0 ? `, but for one of each of the last ${months} months` : ""}.`,
        facts: { backup, days, months },
      }
    const wanted = { url, storage, backup, identities, key, publicKey: createPublicKey(key), days, months }
    const { proof, retention } = await telling(
      "drill",
      () => interruptible((signal) => drill({ ...wanted, grants: !given["without-grants"] }, signal)),
      ({ proof }) => ({ at: proof.provenAt }),
    )
    await tellMonitoring("docket_drill", {
      docket_drill_last_success_timestamp_seconds: Date.parse(proof.provenAt) / 1000,
    })
    const { rows, tables, rtoSeconds, rpoSeconds, smokeChecks, migrations } = proof.facts
    const { remove, clear, monthly, spared, held } = retention
    return {
      text: [
        `${backup.id} is proven: ${tables} tables and ${Number(rows).toLocaleString("en")} rows equal, ${migrations} migrations applied, ${smokeChecks} checks of the application hold.`,
        `RTO: ${duration(Number(rtoSeconds))} until the application worked on it. RPO: it brings back the moment ${duration(Number(rpoSeconds))} ago.`,
        `Removed: ${remove.length} backups of more than ${days} days${clear.length > 0 ? ` and ${clear.length} that were never finished` : ""}.`,
        ...(monthly.length > 0 ? [`Kept as those of their months: ${monthly.length}.`] : []),
        ...(spared ? [`${spared} is older, and kept: it is the newest that is proven.`] : []),
        ...(held ? [held] : []),
      ].join("\n"),
      facts: { proof, retention },
    }
  },
})
