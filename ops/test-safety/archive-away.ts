import { ops } from "../test-deploy/operator.ts"
import { another } from "../test-deploy/release-images.ts"
import type { Site } from "../test-deploy/site.ts"
import type { Stack } from "../test-deploy/stack.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { refused } from "../testing/running-command.ts"
import { until } from "../testing/until.ts"

/** `path` is the environment's file, `storage` the container of what it archives to. */
export type ArchivingStack = { site: Site; stack: Stack; path: string; storage: string }

/** Twice the queue, as text that can't be compressed. */
const MEGABYTES = 128

/** The storage is away: the database goes on, its disk does not fill, and what is missing is told and made up for. */
export async function checkArchiveAway({ site, stack, path, storage }: ArchivingStack) {
  const setting = (name: string) => stack.psql(`select nullif(current_setting('docket.${name}', true), '')`)
  await check("while the storage is away people write on, and what waits for it is bounded", async () => {
    await until("there is a full backup of this timeline", () => setting("base_backup_at"), 180)
    await docker("stop", storage)
    refused(await ops("deploy", path, await another(site, "third")), 3, /no way back.*not archived within/)
    for (let megabyte = 0; megabyte < MEGABYTES; megabyte++)
      await stack.psql(
        "select pg_logical_emit_message(true, 'load', (select string_agg(md5(random()::text), '') from generate_series(1, 32768)))",
      )
    await until("log is dropped, and noted", () => setting("archive_gap_since"), 240)
    const waiting = Number(
      await stack.psql("select count(*) from pg_ls_archive_statusdir() where name like '%.ready'"),
    )
    expect(waiting * 16 <= 64 + 32, `${waiting} segments wait`)
    await stack.psql("insert into ticks default values")
    return `${waiting} segments of 16 MB wait, of ${MEGABYTES} MB that were written`
  })
  await check("that is told: since when log is missing, and how much of it waits", async () => {
    const metrics = await stack.runOnce("scrape", site.image, {
      command: [
        "bun",
        "-e",
        `const token = (await Bun.file("/run/secrets/metrics-token").text()).trim()
        const text = await (await fetch("http://${stack.name}_server:8000/metrics", { headers: { Authorization: "Bearer " + token } })).text()
        console.log(text.split("\\n").filter((line) => /^docket_(wal|base)/.test(line)).join("\\n"))`,
      ],
      secrets: await stack.secrets(["metrics-token"]),
    })
    for (const name of [
      "docket_wal_archive_gap_timestamp_seconds",
      "docket_wal_last_archive_failed_timestamp_seconds",
      "docket_wal_waiting_bytes",
      "docket_base_backup_last_success_timestamp_seconds",
    ])
      expect(metrics.includes(name), `${name} is not told:\n${metrics}`)
  })
  await check("a restore says that the storage is away, and a deploy that migrates is refused", async () => {
    refused(await ops("restore", path, "--to", "latest"), 1, /The storage does not answer/)
    refused(
      await ops("deploy", path, await another(site, "third")),
      3,
      /no way back.*log is missing from the archive since/,
    )
  })
  await check("once it is back, a new full backup is made and nothing is missing any more", async () => {
    const before = await setting("base_backup_at")
    await docker("start", storage)
    const began = performance.now()
    await until("the gap is over", async () => (await setting("archive_gap_since")) === "", 240)
    await until("there is a new backup", async () => (await setting("base_backup_at")) > before, 60)
    return `${Math.round((performance.now() - began) / 1000)} s after it was back`
  })
}
