import { join } from "node:path"
import { connect } from "../../server/database/connect.ts"
import { databaseOf, withDatabase } from "../backup/restore-beside.ts"
import { check, expect } from "../testing/check.ts"
import { docker, missingEngine } from "../testing/engine.ts"
import { withPlace } from "../testing/place.ts"
import { startPostgres } from "../testing/postgres.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { fill } from "./fill.ts"
import { notPlanted, plantKnownValues } from "./known-values.ts"
import { begin, ops, type Variables, verifierVariables, writerVariables } from "./operator.ts"
import { type Site, setUp } from "./site.ts"

const ACCOUNTS = 20

/** A production's backup in a staging: shapes and counts, and nothing of people. Wants what `logical` wants. */
export async function checkScrub() {
  const missing = await missingEngine()
  if (missing) return check("a Docker engine answers", () => Promise.reject(missing))
  await withPlace("docket-test-safety", async (place) => {
    const site = await setUp(place)
    const container = `${place.prefix}-staging`
    const staging = await startPostgres(container, { image: site.images.postgres, address: site.address })
    await checkSite(site, { container, url: staging })
  })
}

type Server = { container: string; url: string }

async function checkSite(site: Site, staging: Server) {
  await fill(site.sourceOwner, ACCOUNTS)
  const known = await plantKnownValues(site.sourceOwner)
  const source = { container: `${site.prefix}-source`, url: site.sourceOwner }
  const all = [...known.values()].flat()
  await check("a value is known in every column that is scrubbed, and the search finds each", async () => {
    expect(notPlanted(known).length === 0, `nothing is in ${notPlanted(known).join(", ")}`)
    const dumped = await foundInDump(source, all)
    // What was changed away is in no dump, and in the files of the source all the same.
    const lost = all.filter((value) => !dumped.includes(value))
    expect(lost.length === 0, `the search does not find ${lost.join(", ")} in the source's own dump`)
    const filed = await foundInFiles(source, all)
    expect(filed.length > all.length / 2, `the source's files only have ${filed.length} of ${all.length}`)
    return `${all.length} values, ${filed.length} of them readable in the source's files`
  })
  const { BACKUP_PROOF_KEY: _, ...verifier } = verifierVariables(site, "")
  const variables: Variables = { ...verifier, RESTORE_DATABASE_URL: staging.url }
  const taken = await ops(writerVariables(site), ["backup"])
  succeeded(taken)
  await checkRefusals(site, variables)
  await checkUnclassified(site, variables)
  await checkScrubbed(site, { staging, variables, known })
}

async function checkRefusals(site: Site, variables: Variables) {
  await check("production is no staging: its database is refused, and so is what is backed up", async () => {
    const before = await databases(site.sourceOwner)
    const target = { ...variables, RESTORE_DATABASE_URL: site.sourceOwner }
    const told = refused(
      await ops(target, ["restore", "--to-staging"]),
      3,
      /it is production, or a copy of it/,
    )
    const same = { ...target, BACKUP_DATABASE_URL: site.source }
    refused(await ops(same, ["restore", "--to-staging"]), 3, /is the database that is backed up/)
    expect((await databases(site.sourceOwner)) === before, await databases(site.sourceOwner))
    await nothingIsLeft(variables)
    return told
  })
}

async function checkUnclassified(site: Site, variables: Variables) {
  await check("a column of which nobody has said what it holds: nothing reaches the staging", async () => {
    const sql = connect(site.sourceOwner, { max: 1, statementTimeout: 10_000 })
    await sql`alter table todos add column location text not null default ''`
    succeeded(await ops(writerVariables(site), ["backup"]))
    await sql`alter table todos drop column location`
    await sql.end()
    const told = await ops(variables, ["restore", "--to-staging"])
    refused(told, 3, /Nothing is scrubbed.*\n\s+public\.todos\.location/)
    await nothingIsLeft(variables)
    return "public.todos.location is named"
  })
}

type Scrubbing = { staging: Server; variables: Variables; known: Map<string, string[]> }

async function checkScrubbed(site: Site, { staging, variables, known }: Scrubbing) {
  const listed = await ops(variables, ["backups"])
  const [, backup] = listed.said.backups as { id: string }[]
  const command = ["restore", backup!.id, "--to-staging"]
  let name = ""
  await check(
    "killed on the way, it leaves nothing that counts; the next restores, scrubs and proves",
    async () => {
      const killed = begin(variables, command)
      await killed.telling(/scrubbed: /)
      killed.kill("SIGKILL")
      await killed.done
      const done = await ops(variables, command)
      succeeded(done)
      expect(/dropping what a restore that did not end left/.test(done.told), done.told)
      name = done.said.name as string
      const { accounts, rewritten, removed } = done.said.scrubbed as Record<string, number>
      const { rows } = (done.said.restored as { proof: { rows: number } }).proof
      return `${accounts} accounts; ${rewritten} rows rewritten, ${removed} removed, ${rows} left, in ${done.said.seconds} s`
    },
  )
  if (name === "") return
  const scrubbed = { ...staging, url: withDatabase(staging.url, name) }
  await check("no known value of any table is in its dump, nor in any file of its server", async () => {
    const all = [...known.values()].flat()
    const named = async (found: string[]) => {
      const of = [...known].filter(([, values]) => values.some((value) => found.includes(value)))
      return of.map(([column]) => column).join(", ")
    }
    const dumped = await foundInDump(scrubbed, all)
    expect(dumped.length === 0, `its dump has ${await named(dumped)}`)
    const filed = await foundInFiles(scrubbed, all)
    expect(filed.length === 0, `its files have ${await named(filed)}`)
    return `${all.length} values, every file of the data folder, the write-ahead log among them`
  })
  await check("no address of the source is left, and no word of a title", async () => {
    const addresses = await column(site.sourceOwner, "select email from accounts where not is_smoke")
    const titles = await column(site.sourceOwner, "select distinct title from todos where length(title) > 5")
    const found = await foundInDump(scrubbed, [...addresses, ...titles])
    expect(found.length === 0, found.slice(0, 5).join(", "))
    return `${addresses.length} addresses, ${titles.length} titles`
  })
  await check("counts, lengths, dates and positions are the source's", async () => {
    for (const shape of SHAPES) {
      const [ours, theirs] = [await column(scrubbed.url, shape), await column(site.sourceOwner, shape)]
      expect(ours.join() === theirs.join(), `${shape}: ${ours}, not ${theirs}`)
    }
    return `${SHAPES.length} shapes`
  })
  await check("it takes the staging's place, and its operator signs in as one of its people", async () => {
    succeeded(await ops(variables, [...command, "--switch", "--yes"]))
    const child = Bun.spawn(
      [
        process.execPath,
        "--no-env-file",
        join(import.meta.dir, "../reset-link.ts"),
        "person-1@staging.invalid",
      ],
      {
        env: {
          PATH: process.env.PATH,
          DATABASE_URL: staging.url,
          JWT_SECRET_KEY: crypto.getRandomValues(new Uint8Array(48)).toBase64(),
        },
        stdout: "pipe",
        stderr: "pipe",
      },
    )
    const link = await new Response(child.stdout).text()
    expect(/\/reset#token=\S+/.test(link), `${link}${await new Response(child.stderr).text()}`)
  })
}

const SHAPES = [
  "select count(*) from accounts",
  "select sum(char_length(title)) || ' ' || sum(char_length(notes)) || ' ' || count(distinct position) from todos",
  "select md5(string_agg(id || position || rev || coalesce(due_date::text, '') || created_at, ',' order by id)) from todos",
  "select sum(char_length(name)) || ' ' || count(*) from lists",
  "select md5(string_agg(space_id || role || position, ',' order by space_id, account_id)) from memberships",
]

/** Those of `values` that a whole dump of the database has, as text. */
async function foundInDump({ container, url }: Server, values: string[]): Promise<string[]> {
  const flags = ["--username=postgres", `--dbname=${databaseOf(url)}`]
  return found(await docker("exec", container, "pg_dump", ...flags), values)
}

const found = (text: string, values: string[]) => values.filter((value) => text.includes(value))

/** Those that some file of the server has: tables, indexes, statistics, dead rows, its write-ahead log. Digests as bytes. */
async function foundInFiles({ container, url }: Server, values: string[]): Promise<string[]> {
  const sql = connect(url, { max: 1, statementTimeout: 60_000 })
  const [{ folder }] = await sql<[{ folder: string }]>`select current_setting('data_directory') as folder`
  await sql`checkpoint`
  await sql.end()
  const there: string[] = []
  for (const value of values) {
    const isDigest = /^[0-9a-f]{64}$/.test(value)
    const pattern = isDigest ? value.replaceAll(/../g, "\\x$&") : value.replaceAll(/[.[\]*^$\\]/g, "\\$&")
    const script = `LC_ALL=C grep --recursive --text --quiet --max-count=1 ${isDigest ? "-P" : "-e"} "$1" "$2" && echo found || echo absent`
    if ((await docker("exec", container, "bash", "-c", script, "-", pattern, folder)) === "found")
      there.push(value)
  }
  return there
}

async function column(url: string, query: string): Promise<string[]> {
  const sql = connect(url, { max: 1, statementTimeout: 60_000 })
  try {
    return (await sql.unsafe(query).values()).map(([value]) => String(value))
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const databases = async (url: string) =>
  (await column(url, "select datname from pg_database order by 1")).join()

/** On neither server. */
async function nothingIsLeft(variables: Variables) {
  for (const url of [variables.RESTORE_DATABASE_URL!, variables.DRILL_DATABASE_URL!]) {
    const left = await column(url, "select datname from pg_database where datname ~ 'scrub'")
    expect(left.length === 0, `${left.join(", ")} is left`)
  }
}
