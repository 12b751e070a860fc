import { bytes, duration } from "./backup/pace.ts"
import { proofPublicKey, readProofs } from "./backup/proofs.ts"
import { storageSettings } from "./backup/settings.ts"
import { Storage } from "./backup/storage.ts"
import { listBackups } from "./backup/stored-backups.ts"
import { localCommand } from "./command.ts"
import { table } from "./table.ts"

export default localCommand({
  name: "backups",
  description:
    "Lists the backups: when, how big, of which schema and release, and whether a drill has proven them (by BACKUP_PROOF_PUBLIC_KEY).",
  examples: ["bun run ops backups", "bun run ops backups --json"],
  run: async () => {
    const storage = new Storage(storageSettings())
    const { backups, damaged, unfinished } = await listBackups(storage)
    const key = proofPublicKey()
    const proofs = key ? await readProofs(storage, backups, key) : null
    const listed = backups
      .toReversed()
      .map((backup) => ({ ...backup, provenAt: proofs?.get(backup.id)?.provenAt ?? null }))
    const age = (moment: string) => duration((Date.now() - Date.parse(moment)) / 1000)
    const rows = listed.map(({ id, takenAt, dump, schema, release, provenAt }) => [
      id,
      `${takenAt.slice(0, 16).replace("T", " ")} UTC`,
      bytes(dump.size),
      schema.replace(/\.sql$/, ""),
      release,
      provenAt ? `proven ${provenAt.slice(0, 16).replace("T", " ")}` : proofs ? "not proven" : "not known",
    ])
    const newest = listed[0]
    const proven = listed.find(({ provenAt }) => provenAt !== null)
    const text = [
      listed.length === 0
        ? `There is no backup in ${storage.name}.`
        : table(["backup", "taken", "size", "schema", "release", "proven"], rows),
      ...damaged.map(({ id, why }) => `${id} is no backup any more: ${why}`),
      ...(unfinished.length > 0
        ? [
            `Begun and not finished, so no backups: ${unfinished.join(", ")}. A drill clears them after two days.`,
          ]
        : []),
      ...(newest
        ? [
            `Were the database lost now, what was written in the last ${age(newest.takenAt)} would be lost with it (RPO); ${proven ? `by a proven backup, of the last ${age(proven.takenAt)}` : "no backup is known to be proven"}.`,
          ]
        : []),
    ].join("\n")
    return { text, facts: { backups: listed, damaged, unfinished, proofsChecked: proofs !== null } }
  },
})
