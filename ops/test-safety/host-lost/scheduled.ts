import type { BackupRecord } from "../../backup/record.ts"
import { Storage } from "../../backup/storage.ts"
import { type Backup, listBackups } from "../../backup/stored-backups.ts"
import { ops } from "../../test-deploy/operator.ts"
import { check, expect } from "../../testing/check.ts"
import { attempt, docker } from "../../testing/engine.ts"
import { refused, succeeded } from "../../testing/running-command.ts"
import { until } from "../../testing/until.ts"
import { bucketSettings, type Site } from "./site.ts"
import type { Raised } from "./stack.ts"

/** Seconds from one backup to the next, in place of a day's. */
export const EVERY = 20

/** By hand and by itself: the stack's database, which nobody reaches from outside, is backed up from inside. */
export async function checkScheduled(raised: Raised) {
  const { site, stack, environment } = raised
  await check(
    "the stack's service makes the first backup by itself, as the identity that may only put",
    async () => {
      const record = await until(
        "a first backup",
        async () => {
          const found = await recordOf(environment)
          return found.newest ? found : null
        },
        240,
      )
      const [backup] = await stored(site)
      expect(backup?.id === record.newest!.id, `the bucket has ${backup?.id}`)
      expect(backup!.recipients.join() === site.key.recipient, "it is for others")
      return `${record.newest!.size} bytes in ${record.newest!.seconds} s`
    },
  )
  await check("by one command a backup is made by hand, and the record knows it", async () => {
    const done = await ops("backup", environment)
    succeeded(done)
    const { id } = done.said.backup as Backup
    expect(
      (await stored(site)).some((backup) => backup.id === id),
      `${id} is not in the bucket`,
    )
    expect((await recordOf(environment)).newest?.id === id, "the record has another")
    return `${Math.round(done.seconds)} s for the command`
  })
  await check("the server was told of it, for /health, the metrics and the alerts", async () => {
    const told = await stack.psql("select kind, outcome, size_bytes > 0 from backup_reports")
    expect(told === "backup|succeeded|t", `it knows: ${told}`)
  })
  await check("nothing that opens a backup or lists them is on the host", async () => {
    const variables = await docker("service", "inspect", `${stack.name}_backup`)
    expect(!/AGE-SECRET-KEY|SECRET_ACCESS_KEY=/.test(variables), "the service is told a secret")
    expect(!variables.includes(site.identities.writer.secretAccessKey), "it shows the storage's secret")
  })
  await check("its way out is not the database's: that one still has none", async () => {
    const storage = new URL(site.storage.url)
    const way = `timeout 3 bash -c "</dev/tcp/${storage.hostname}/${storage.port}" 2>/dev/null && echo open || echo closed`
    const [database] = await stack.containers("database")
    expect(
      (await docker("exec", database!, "bash", "-c", way)) === "closed",
      "the database reaches the storage",
    )
  })
  await checkSchedule(raised)
  await check("an environment without the table is told so", async () => {
    refused(await ops("backup", "staging"), 3, /has no table \[backup\]/)
  })
}

async function checkSchedule({ site, stack }: Raised) {
  await check(
    `every ${EVERY} s one is made, and killing its task makes none twice and leaves none out`,
    async () => {
      const service = `${stack.name}_backup`
      await docker("service", "update", "--quiet", "--env-add", `BACKUP_EVERY_SECONDS=${EVERY}`, service)
      const before = (await stored(site)).length
      const began = Date.now()
      for (let kills = 0; kills < 3; kills++) {
        await Bun.sleep((EVERY * 1000) / 2 + 3000)
        const [container] = await stack.containers("backup")
        if (container) await attempt("kill", container)
      }
      await Bun.sleep(2 * EVERY * 1000)
      const made = (await stored(site)).slice(before)
      // The moments at which one was due: each has one, and the one that is due now may be under way.
      const slots = made.map(({ takenAt }) => Math.floor(Date.parse(takenAt) / (EVERY * 1000)))
      const [first, last] = [
        Math.floor(began / (EVERY * 1000)) + 1,
        Math.floor(Date.now() / (EVERY * 1000)) - 1,
      ]
      for (let slot = first; slot <= last; slot++)
        expect(
          slots.filter((made) => made === slot).length === 1,
          `not one for each ${EVERY} s: ${made.map(({ takenAt }) => takenAt).join(", ")}`,
        )
      return `${made.length} in ${Math.round((Date.now() - began) / 1000)} s, with 3 kills`
    },
  )
}

export async function recordOf(environment: string): Promise<BackupRecord> {
  const done = await ops("backup", environment, "--record")
  succeeded(done)
  return done.said.record as BackupRecord
}

export const stored = async (site: Site) => (await listBackups(new Storage(bucketSettings(site)))).backups
