import { join } from "node:path"
import { makeCertificate } from "../../server/testing/certificate.ts"
import { generateSecrets } from "../secrets/generate.ts"
import { assignSecrets, storeSecret } from "../swarm/secrets.ts"
import { ops, startOps } from "../test-deploy/operator.ts"
import { another } from "../test-deploy/release-images.ts"
import { removeStack } from "../test-deploy/remove-stack.ts"
import { type Site, setUp } from "../test-deploy/site.ts"
import { Stack } from "../test-deploy/stack.ts"
import { check, expect } from "../testing/check.ts"
import { attempt, docker, fetchImage, missingEngine } from "../testing/engine.ts"
import { withPlace } from "../testing/place.ts"
import { type Done, refused, succeeded } from "../testing/running-command.ts"
import { startStorage } from "../testing/storage.ts"
import { until } from "../testing/until.ts"
import { type ArchivingStack, checkArchiveAway } from "./archive-away.ts"

const BUCKET = "archive"
const NEEDLE = "a sentence that nobody may read"
/** Small, so that it is full within a minute and not within hours. */
const QUEUE = "64M"

/** The stack's database, archived over HTTPS, and brought back to moments of its past. */
export async function checkPointInTime() {
  const missing = await missingEngine()
  if (missing) return check("has a Docker engine", () => Promise.reject(new Error(missing)))
  await withPlace("docket-test-point-in-time", async (place) => {
    const site = await setUp(place)
    const archive = await startArchive(site)
    const stack = await Stack.of(site, "point-in-time", { archive: archive.settings })
    const archiving = { site, stack, path: stack.environment.path, storage: archive.container }
    try {
      await checkArchived(archiving)
      await checkRefusals(archiving)
      await checkMoment(archiving)
      await checkRestorePoint(archiving)
      await checkVolumeLost(archiving)
      await checkArchiveAway(archiving)
    } finally {
      await removeVolumes(stack)
      await stack.end()
    }
  })
}

/** The storage as a service of another host: at the engine's address, with a certificate of an authority of its own. */
async function startArchive(site: Site) {
  const { address, folder, prefix, images } = site
  const container = `${prefix}-s3`
  const image = process.env.S3_IMAGE ?? "versity/versitygw:latest"
  await fetchImage(image)
  const port = 31_000 + (process.pid % 1000)
  const { key, cert, ca } = await makeCertificate(address)
  const options = ["--publish", `${address}:${port}:443`]
  const { owner } = await startStorage(container, { image, address, buckets: [BUCKET] }, ...options)
  for (const [file, text] of [
    ["s3.key", key],
    ["s3.crt", cert],
  ] as const) {
    await Bun.write(join(folder, file), text)
    await docker("cp", join(folder, file), `${container}:/usr/local/bin/${file}`)
  }
  await docker("restart", container)
  await Bun.write(join(folder, "archive-ca.pem"), ca)
  const database = `${site.registry}/docket-database:built`
  const source = join(import.meta.dir, "../database")
  await docker(
    "build",
    "--quiet",
    "--build-arg",
    `POSTGRES_IMAGE=${images.postgres}`,
    "--tag",
    database,
    source,
  )
  const settings = {
    image: database,
    endpoint: `https://${address}:${port}`,
    bucket: BUCKET,
    ca: join(folder, "archive-ca.pem"),
    queue: QUEUE,
  }
  contents["archive-access-key-id"] = owner.accessKeyId
  contents["archive-secret-access-key"] = owner.secretAccessKey
  return { container, settings }
}

const contents = {
  "archive-access-key-id": "",
  "archive-secret-access-key": "",
  "archive-passphrase": crypto.randomUUID() as string,
}

/** Gives the stack its key to the archive, or another passphrase. */
async function giveSecrets({ engine, name }: Stack, passphrase = contents["archive-passphrase"]) {
  for (const [secret, content] of Object.entries({ ...contents, "archive-passphrase": passphrase })) {
    const stored = await storeSecret(engine, name, secret as keyof typeof contents, content)
    await assignSecrets(engine, name, { [secret]: stored })
  }
}

async function checkArchived({ site, stack, path, storage }: ArchivingStack) {
  await check("a first deploy brings up a database that archives, and backs itself up", async () => {
    await removeVolumes(stack)
    await generateSecrets(stack.engine, stack.environment, false)
    refused(await ops("deploy", path, site.image), 3, /archive-access-key-id/)
    await giveSecrets(stack)
    succeeded(await ops("deploy", path, site.image))
    await until("the first full backup is there", () => baseBackup(stack), 180)
    return `after ${Number(await stack.psql("select round(extract(epoch from now() - pg_postmaster_start_time()))"))} s`
  })
  await check("nothing in the storage can be read", async () => {
    await stack.psql(
      "set role docket_owner; create table ticks (at timestamptz not null default clock_timestamp(), note text)",
    )
    await tick(stack, NEEDLE)
    await archived(stack)
    const found = await docker(
      "exec",
      storage,
      "sh",
      "-c",
      `grep -rlE '${NEEDLE}|CREATE TABLE|docket_owner' /data/${BUCKET} || true`,
    )
    expect(found === "", `it can be read in ${found}`)
    const objects = await docker("exec", storage, "sh", "-c", `find /data/${BUCKET} -type f | wc -l`)
    expect(Number(objects) > 5, `there are ${objects} objects`)
    return `${objects} objects`
  })
}

async function checkRefusals({ site, stack, path }: ArchivingStack) {
  await check("what can't be restored is named before anything is changed", async () => {
    const to = (moment: string) => ops("restore", path, "--to", moment, "--switch", "--yes")
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    refused(await to("yesterday"), 2, /is no moment/)
    refused(await to("2026-11-22T10:00:00"), 2, /is no moment.*with its zone/)
    refused(await to(tomorrow), 2, /in the future/)
    refused(await to("release-99"), 2, /no restore point of release 99/)
    refused(await to("2020-01-01T00:00:00Z"), 3, /oldest moment that can be restored is/)
    refused(await ops("restore", path, "--to", "latest", "--switch"), 2, /say --yes/)
    const plain = await Stack.of(site, "without-archive")
    refused(await ops("restore", plain.environment.path, "--to", "latest"), 3, /has no \[archive\]/)
    await plain.engine[Symbol.asyncDispose]()
    await giveSecrets(stack, "another passphrase")
    refused(await to("latest"), 3, /Wrong passphrase/)
    await giveSecrets(stack)
  })
}

async function checkMoment(archiving: ArchivingStack) {
  const { site, stack, path } = archiving
  await check("a deploy makes a restore point before it migrates", async () => {
    const done = await ops("deploy", path, await another(site, "second"))
    succeeded(done)
    expect(/release-2-\d+T\d+Z is made/.test(done.told), done.told)
  })
  let moment = ""
  let before = 0
  await check(
    "rows of each second, then destroyed: the moment before is back, all of it and nothing else",
    async () => {
      const load = under(stack)
      for (let second = 0; second < 15; second++) {
        await tick(stack)
        await Bun.sleep(1000)
      }
      moment = JSON.parse(await stack.psql("select to_json(clock_timestamp())"))
      before = Number(await stack.psql("select count(*) from ticks"))
      await Bun.sleep(1000)
      await tick(stack, "after the moment")
      await stack.psql("delete from ticks where note is distinct from 'after the moment'")
      load.stop()
      const killed = startOps(["restore", path, "--to", moment])
      await killed.telling(/Starting it beside/)
      killed.signal("SIGKILL")
      await killed.done
      // The killed one's lock ends by itself.
      const done = await retried(() => ops("restore", path, "--to", moment, "--switch", "--yes"))
      succeeded(done)
      expect(
        done.said.resumed === true,
        "it began anew, and did not go on with what the killed one had restored",
      )
      expect(/undoes|left|Going on/.test(done.told), done.told)
      const [count, last] = (await stack.psql(`select count(*), max(at) <= $$${moment}$$ from ticks`)).split(
        "|",
      )
      expect(Number(count) === before && last === "t", `${count} of ${before} rows are there, ${last}`)
      return figures(done)
    },
  )
  await check("it is quiet, keeps the volume before, and goes live when it is told to", async () => {
    const quiet = "select count(*) from restores where released_at is null"
    expect((await stack.psql(quiet)) === "1", "it is not quiet")
    const volumes = await docker("volume", "ls", "--quiet", "--filter", `name=${stack.name}_database`)
    expect(volumes.split("\n").length === 2, `there are ${volumes}`)
    succeeded(await ops("restore", path, "--go-live"))
    expect((await stack.psql(quiet)) === "0", "it is quiet still")
  })
  await check(
    "the database before was stopped in order, and the restored one too where it was proven",
    async () => {
      for (const service of ["database", "restored"]) {
        const filters = ["--filter", `name=${stack.name}_${service}.`, "--filter", "status=exited"]
        const stopped = await docker("ps", "--all", ...filters, "--format", "{{.Names}} {{.Status}}")
        expect(!/Exited \((?!0\))/.test(stopped), stopped)
      }
      const { output: log } = await attempt("service", "logs", `${stack.name}_database`)
      expect(!/not properly shut down/.test(log), "it had to recover from a crash")
      expect(/shutting down/.test(log), "it was never told to stop")
    },
  )
  await check("a full backup of the restored database is made by itself", async () => {
    await until("there is one of its timeline", () => baseBackup(stack), 180)
    const timeline = await stack.psql("select timeline_id from pg_control_checkpoint()")
    expect(Number(timeline) === 2, `its timeline is ${timeline}`)
  })
}

async function checkRestorePoint({ stack, path }: ArchivingStack) {
  await check(
    "the restore point of a deploy before that restore is brought back, by its release's number",
    async () => {
      await stack.psql("set role docket_owner; create table after_release (id int)")
      const done = await ops("restore", path, "--to", "release-2", "--switch", "--yes")
      succeeded(done)
      expect(
        (await stack.psql("select to_regclass('after_release') is null")) === "t",
        "what came later is there",
      )
      expect((await stack.psql("select count(*) from ticks")) === "1", "what was there by then is not")
      return figures(done)
    },
  )
}

async function checkVolumeLost({ stack, path }: ArchivingStack) {
  await check("the volume is lost while people write: at most a minute of it is gone", async () => {
    await until("there is a full backup of this timeline", () => baseBackup(stack), 180)
    const load = under(stack)
    let last = ""
    for (let second = 0; second < 75; second++) {
      last = JSON.parse(
        await stack.psql(
          "with tick as (insert into ticks default values returning at) select to_json(at) from tick",
        ),
      )
      await Bun.sleep(1000)
    }
    load.stop()
    const [container] = await stack.containers("database")
    await docker(
      "exec",
      container!,
      "sh",
      "-c",
      "rm -rf /var/lib/postgresql/18 && kill -9 $(pgrep -o -x postgres) || true",
    )
    await docker("kill", container!).catch(() => "")
    // While it initialises itself it listens on no address.
    await until(
      "an empty database is in its place",
      () => stack.psql("show listen_addresses").catch(() => ""),
      180,
    )
    const done = await ops("restore", path, "--to", "latest", "--switch", "--yes")
    succeeded(done)
    expect(/is not the one that was archived/.test(done.told), `it waited for the empty one:\n${done.told}`)
    const restored = await stack.psql(
      `select extract(epoch from $$${last}$$::timestamptz - max(at)) from ticks`,
    )
    expect(Number(restored) <= 60, `${restored} s are lost`)
    return `${Number(restored).toFixed(1)} s of rows lost; ${figures(done)}`
  })
}

/** Writes as fast as it goes, until it is stopped. */
function under(stack: Stack) {
  let stopped = false
  void (async () => {
    while (!stopped)
      await stack
        .psql("select pg_logical_emit_message(true, 'load', repeat('x', 100000))")
        .catch(() => Bun.sleep(500))
  })()
  return { stop: () => (stopped = true) }
}

export const tick = (stack: Stack, note = "") => stack.psql(`insert into ticks (note) values ('${note}')`)

/** When the newest physical backup of this timeline was ended, as the database tells its metrics; nothing before. */
export const baseBackup = (stack: Stack) =>
  stack.psql("select nullif(current_setting('docket.base_backup_at', true), '')").catch(() => "")

/** Waits until what was written by now is archived. */
export async function archived(stack: Stack) {
  const segment = (
    await stack.psql("select pg_walfile_name(pg_current_wal_insert_lsn()), pg_switch_wal()")
  ).split("|")[0]
  await until(
    "it is archived",
    async () => (await stack.psql("select left(last_archived_wal, 24) from pg_stat_archiver")) >= segment!,
  )
}

/** A lock that nobody renews is let go after a minute. */
async function retried(command: () => Promise<Done>): Promise<Done> {
  for (let tries = 0; ; tries++) {
    const done = await command()
    if (done.exitCode !== 3 || !/lock|holds|at work/i.test(done.said.message ?? "") || tries === 12)
      return done
    await Bun.sleep(10_000)
  }
}

const figures = ({ said }: Done) =>
  `RTO ${said.rtoSeconds} s, RPO ${said.rpoSeconds} s, ${said.rows} rows read; ${(said.steps as { step: string; seconds: number }[]).map(({ step, seconds }) => `${step} ${seconds} s`).join(", ")}`

async function removeVolumes(stack: Stack) {
  await removeStack(stack.name)
  const volumes = await docker("volume", "ls", "--quiet", "--filter", `name=${stack.name}_database`)
  for (const volume of volumes.split("\n").filter(Boolean))
    await docker("volume", "rm", volume).catch(() => "")
  const node = await docker("info", "--format", "{{.Swarm.NodeID}}")
  await docker("node", "update", "--label-rm", `${stack.name}.database-volume`, node).catch(() => "")
}
