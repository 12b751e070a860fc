import { generateKeyPairSync } from "node:crypto"
import { join } from "node:path"
import { deleteAccount } from "../../server/accounts/queries.ts"
import { connect } from "../../server/database/connect.ts"
import { compareManifests } from "../backup/compare-manifests.ts"
import { type Manifest, takeManifest } from "../backup/manifest.ts"
import { bytes, duration } from "../backup/pace.ts"
import { dropRestored, withDatabase } from "../backup/restore-beside.ts"
import { withSession } from "../backup/snapshot.ts"
import type { Backup } from "../backup/stored-backups.ts"
import { check, expect } from "../testing/check.ts"
import { attempt, docker, missingEngine } from "../testing/engine.ts"
import { withPlace } from "../testing/place.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { storageOfOwner } from "./bucket.ts"
import { checkFaults } from "./faults.ts"
import { fill, pad, writeLoad } from "./fill.ts"
import { type Logical, ops, type Variables, verifierVariables, writerVariables } from "./operator.ts"
import { type Site, setUp } from "./site.ts"

/** Of 200 todos each. */
const ACCOUNTS = Number(process.env.TEST_ACCOUNTS ?? 200)
/** What is added before things are made to happen meanwhile, in bytes. */
const PADDING = 150e6

/**
 * Logical backups: any PostgreSQL, encrypted, by the database's own tools; and every fault that may come to them. Wants a
 * Docker engine. POSTGRES_IMAGE and S3_IMAGE name other images than the public ones (the second is versitygw's, on port
 * 9000, with the buckets of S3_BUCKETS), TEST_ADDRESS says where published ports are, if not at the Swarm's address, and
 * TEST_ACCOUNTS how many accounts the source has.
 */
export async function checkLogical() {
  const missing = await missingEngine()
  if (missing) return check("a Docker engine answers", () => Promise.reject(missing))
  await withPlace("docket-test-safety", async (place) => checkSite(await setUp(place)))
}

async function checkSite(site: Site) {
  const size = await fill(site.sourceOwner, ACCOUNTS)
  const { privateKey } = generateKeyPairSync("ed25519")
  const proofKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
  const writer = writerVariables(site)
  const verifier = verifierVariables(site, proofKey)
  let backup: Backup | undefined

  await check(
    "a database under write load is backed up, encrypted, by an identity that may only put",
    async () => {
      await using load = writeLoad(site.sourceOwner)
      const done = await ops(writer, ["backup"])
      succeeded(done)
      backup = done.said.backup as Backup
      expect(load.written() > 0, "nothing was written meanwhile")
      const { all } = done.said.seconds as { all: number }
      return `${bytes(size)} in ${all} s with ${load.written()} transactions meanwhile; ${tenGigabytes(size, all)}`
    },
  )
  if (!backup) return
  const given: Logical = { site, writer, verifier, size, backup }
  await check("nothing that it stored can be read without a key", () => storedIsSealed(given))
  await checkRestore(given)
  await checkDrill(given)
  await check(
    "the tools image, which has PostgreSQL's programs and Bun, backs up and proves, with its own disk full",
    () => toolsImage(given),
  )
  await pad(site.sourceOwner, PADDING)
  await checkFaults(given)
}

/** By calculation, and too much for a small database, which pays for every start of a program too. */
const tenGigabytes = (size: number, seconds: number) =>
  `10 GB by calculation ${duration((10e9 / size) * seconds)}`

async function storedIsSealed({ site, backup }: Logical) {
  const storage = storageOfOwner(site)
  const objects = await storage.list("backups/")
  for (const { key } of objects) {
    const content = Buffer.from((await storage.read(key))!)
    expect(!content.includes("person1@example.org"), `${key} holds an address`)
    expect(!content.includes("written meanwhile"), `${key} holds a title`)
    if (key.endsWith(".age"))
      expect(content.subarray(0, 21).toString() === "age-encryption.org/v1", `${key} is not age`)
  }
  expect(backup.recipients.join() === site.key.recipient, "it names other recipients")
  return `${objects.length} objects`
}

async function checkRestore(given: Logical) {
  const { site, verifier, backup, size } = given
  let name = ""
  await check("it is restored into an empty database elsewhere, and the manifest is equal", async () => {
    const done = await ops(verifier, ["restore"])
    succeeded(done)
    const restored = done.said.restored as { proof: Record<string, number> }
    const seconds = done.said.seconds as number
    name = done.said.name as string
    const { tables, rows, sequences, definitions, grants } = restored.proof
    expect(rows! > ACCOUNTS * 200 && grants! > 100 && sequences === 1, JSON.stringify(restored.proof))
    return `${tables} tables, ${rows} rows, ${definitions} definitions, ${grants} grants; RTO ${seconds} s; ${tenGigabytes(size, seconds)}`
  })
  if (name === "") return
  const url = withDatabase(site.elsewhere, name)
  await check(
    "the comparison is no matter of form: one changed, lost or added row, index or right is told",
    () => differencesAreTold(url),
  )
  await check(
    "it is quiet: a new epoch, no session, token, letter or job is left, and that is listed",
    async () => {
      const done = await ops(verifier, ["restore", backup.id])
      succeeded(done)
      expect(done.said.alreadyProven === true, "what was restored and proven was not used again")
      const sql = connect(url, { max: 1, statementTimeout: 10_000 })
      const source = connect(site.sourceOwner, { max: 1, statementTimeout: 10_000 })
      try {
        const [left] = await sql<[Record<string, number>]>`select
        (select count(*)::int from sessions where ended_at is null) as sessions,
        (select count(*)::int from refresh_tokens) as tokens,
        (select count(*)::int from pgboss.job where state < 'completed') as jobs,
        (select count(*)::int from restores where released_at is null) - 1 as quiet`
        expect(
          Object.values(left).every((count) => count === 0),
          JSON.stringify(left),
        )
        const [[ours], [theirs]] = await Promise.all([
          sql`select id from epoch`,
          source`select id from epoch`,
        ])
        expect(ours!.id !== theirs!.id, "the epoch is the old one")
      } finally {
        await Promise.all([sql.end(), source.end()])
      }
    },
  )
  await check(
    "it takes the place of the one that was there, which is kept, only when that is said; then goes live",
    async () => {
      // One that is empty is replaced, and not kept.
      const replaced = connect(site.elsewhere, { max: 1, statementTimeout: 10_000 })
      await replaced`create table what_was_there ()`
      await replaced.end()
      refused(await ops(verifier, ["restore", backup.id, "--switch"]), 2, /asks before: say --yes/)
      const done = await ops(verifier, ["restore", backup.id, "--switch", "--yes"])
      succeeded(done)
      expect(/^docket_before_/.test(String(done.said.kept)), `kept as ${done.said.kept}`)
      const live = await ops(verifier, ["restore", "--go-live"])
      succeeded(live)
      expect(live.said.backup === backup.id, JSON.stringify(live.said))
      return `the old one is kept as ${done.said.kept}`
    },
  )
  await check(
    "who was erased since the newest backup is erased again from what it brings back, the database being lost",
    () => erasedAgain(given),
  )
}

/** As it is run on a host, with the variables in a file. */
async function toolsImage({ site, writer, verifier }: Logical) {
  const image = `docket-test-safety-${process.pid}`
  const bun = process.env.BUN_IMAGE
  const values = [`POSTGRES_IMAGE=${site.images.postgres}`, ...(bun ? [`BUN_IMAGE=${bun}`] : [])]
  const repository = join(import.meta.dir, "../..")
  const run = async (variables: Variables, command: string) => {
    const file = join(site.folder, `${command}.env`)
    // One line each, as Docker reads it; a key in PEM goes by a file instead.
    const lines = Object.entries(variables).filter(([, value]) => !value.includes("\n"))
    await Bun.write(file, lines.map(([name, value]) => `${name}=${value}\n`).join(""))
    const key = variables.BACKUP_PROOF_KEY ? ["--env", "BACKUP_PROOF_KEY"] : []
    const child = Bun.spawn(
      [
        "docker",
        "run",
        "--rm",
        "--network",
        "host",
        "--read-only",
        // Where a file could be written, there is no room for one.
        ...["--tmpfs", "/tmp:nr_inodes=1,mode=1777", "--env", "BACKUP_METRICS_FOLDER=/tmp"],
        "--env-file",
        file,
        ...key,
        image,
        command,
        "--json",
      ],
      {
        env: { ...process.env, ...(key.length > 0 && { BACKUP_PROOF_KEY: variables.BACKUP_PROOF_KEY }) },
        stdout: "pipe",
        stderr: "pipe",
      },
    )
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ])
    const said = JSON.parse(stdout || "{}")
    expect(said.ok === true, `${command}: ${said.message}\n${stderr}`)
    expect(/the monitor could not be told in .* \(ENOSPC\)/.test(stderr), `the disk was not full: ${stderr}`)
    return said
  }
  try {
    const flags = values.flatMap((value) => ["--build-arg", value])
    await docker(
      "build",
      "--quiet",
      ...flags,
      "--file",
      join(repository, "ops/backup/Dockerfile"),
      "--tag",
      image,
      repository,
    )
    const { seconds } = await run(writer, "backup")
    const { proof } = await run(verifier, "drill")
    return `${seconds.all} s, proven in ${proof.facts.rtoSeconds} s`
  } finally {
    await attempt("image", "rm", "--force", image)
  }
}

/** A person asked to be erased after the backup was taken: the backup must not bring them back. */
async function erasedAgain({ site, writer, verifier, backup }: Logical) {
  const source = connect(site.sourceOwner, { max: 1, statementTimeout: 30_000 })
  const [account] = await source<{ id: string }[]>`select id from accounts order by id limit 1`
  await source.begin((sql) => deleteAccount(sql, account!.id))
  await source.end()
  // The database is lost before its next backup: all that is known of it is what was stored in between.
  const stored = await ops(writer, ["backup", "--erasures-only"])
  succeeded(stored)
  expect(stored.said.erasures === 1, `${stored.said.erasures} erasures were stored`)
  const done = await ops(verifier, ["restore", backup.id])
  succeeded(done)
  const { erasedAgain } = done.said.quieted as { erasedAgain: number }
  const restored = connect(withDatabase(site.elsewhere, String(done.said.name)), {
    max: 1,
    statementTimeout: 10_000,
  })
  const [{ left }] = await restored<[{ left: number }]>`
    select count(*)::int as left from accounts where id = ${account!.id}`
  await restored.end()
  await dropRestored(site.elsewhere, String(done.said.name))
  expect(erasedAgain === 1 && left === 0, `${erasedAgain} erased again, ${left} left`)
}

/** Spoils the restored database inside transactions that are rolled back, and compares. */
async function differencesAreTold(url: string) {
  const spoils: [what: string, told: RegExp][] = [
    [
      "update todos set title = title || '.' where id = (select id from todos limit 1)",
      /public\.todos: as many rows/,
    ],
    [
      "delete from refresh_tokens; insert into limits (bucket, arrival) values ('x', now())",
      /public\.limits: 0 rows/,
    ],
    ["drop index todos_search", /missing: index .*todos_search/],
    ["revoke delete on todos from docket_server", /missing: on table public\.todos docket_server may DELETE/],
    [
      "grant select on accounts to public",
      /not in the backup: on table public\.accounts everyone may SELECT/,
    ],
    [
      "alter table todos owner to docket_owner",
      /not in the backup: table public\.todos belongs to docket_owner/,
    ],
    ["alter table todos alter column notes drop default", /missing: column public\.todos\.notes/],
    ["create table strange (id int)", /public\.strange: a table that the backup does not have/],
    // Last: what a sequence was set to is not rolled back.
    ["select setval('letters_sent', 3)", /letters_sent: at 3, not at 4711/],
  ]
  const take = (spoil: string) =>
    withSession(url, "docket restore", async (sql) => {
      let taken: Manifest | undefined
      await sql
        .begin(async (sql) => {
          await sql`set local search_path = public`
          await sql.unsafe(spoil)
          await sql`set local search_path = pg_catalog`
          taken = await takeManifest({ sql }, "comparing")
          throw new Error("rolled back")
        })
        .catch((error) => {
          if (error.message !== "rolled back") throw error
        })
      return taken!
    })
  const whole = await take("select 1")
  expect(compareManifests(whole, await take("select 1")).differences.length === 0, "it differs from itself")
  for (const [spoil, told] of spoils) {
    const { differences } = compareManifests(whole, await take(spoil))
    expect(
      differences.some((line) => told.test(line)),
      `${spoil}: ${differences.join("; ") || "no difference"}`,
    )
  }
  return `${spoils.length} kinds`
}

async function checkDrill({ site, verifier, backup }: Logical) {
  await check("a drill restores, compares, has the application work on it, and signs the proof", async () => {
    expect((await provenAt(verifier, backup.id)) === null, "it counts as proven before any drill")
    const done = await ops(verifier, ["drill", backup.id])
    succeeded(done)
    const { facts } = done.said.proof as { facts: Record<string, number> }
    expect(facts.smokeChecks === 7 && facts.rows === backup.rows, JSON.stringify(facts))
    expect((await provenAt(verifier, backup.id)) !== null, "it does not count as proven")
    const sql = connect(site.elsewhere, { max: 1, statementTimeout: 10_000 })
    const left = await sql`select datname from pg_database where datname like 'docket_drill%'`
    await sql.end()
    expect(left.length === 0, "the throw-away database is left")
    return `RTO ${facts.rtoSeconds} s, RPO ${facts.rpoSeconds} s`
  })
  await check("a proof that another has signed proves nothing", async () => {
    const { publicKey } = generateKeyPairSync("ed25519")
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString()
    const { BACKUP_PROOF_KEY: _ours, ...rest } = verifier
    const others = { ...rest, BACKUP_PROOF_PUBLIC_KEY: pem }
    expect((await provenAt(others, backup.id)) === null, "it counts as proven")
  })
}

/** As `ops backups` says it. */
async function provenAt(variables: Variables, id: string): Promise<string | null> {
  const done = await ops(variables, ["backups"])
  succeeded(done)
  return (done.said.backups as { id: string; provenAt: string | null }[]).find((backup) => backup.id === id)!
    .provenAt
}
