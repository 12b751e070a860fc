import { afterAll, expect, test } from "bun:test"
import { mkdtemp, readdir, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { testDatabase } from "../../server/testing/database.ts"
import { makeSource } from "./made-up-source.ts"

const { sql, url } = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), "docket-import-command-"))
afterAll(() => rm(folder, { recursive: true }))
makeSource(join(folder, "tasks.db"), { people: 6, organisations: 2, tasks: 100 }).close()
await Bun.write(join(folder, "tasks.toml"), Bun.file(`${import.meta.dir}/maps/organisations.toml`))

/** The commands of docs/operations/importing-sqlite.md, as they are typed there. */
const documented = [
  ...(await Bun.file(`${import.meta.dir}/../../docs/operations/importing-sqlite.md`).text()).matchAll(
    /^ *bun run ops (import-sqlite .+)$/gm,
  ),
].map(([, command]) => command!.split(" "))

async function ops(args: string[], environment: Record<string, string> = { DATABASE_URL: url }) {
  const child = Bun.spawn(["bun", `${import.meta.dir}/../cli.ts`, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH!, ...environment },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { stdout, stderr, exitCode }
}

test("the commands of the documentation do what it says, in its order", async () => {
  expect(documented).toHaveLength(3)
  const [looked, rehearsed, imported] = [
    await ops(documented[0]!, {}),
    await ops(documented[1]!),
    await ops(documented[2]!),
  ]
  expect([looked, rehearsed, imported].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
  expect(looked.stdout).toContain("It can be imported. Nothing was written")
  expect(looked.stdout).not.toContain("someone1@example.org")
  expect(rehearsed.stdout).toContain("Rehearsed: all of it was written, proven and taken back.")
  expect(imported.stdout).toEndWith("Imported.\n")
  const report = await Bun.file(join(folder, "import.json")).json()
  expect(report).toMatchObject({ state: "imported", targets: { todos: 100 }, faults: [] })
  expect((await stat(join(folder, "import.json"))).mode & 0o777).toBe(0o600)
  const [row] = await sql`select count(*)::integer from todos`
  expect(row).toEqual({ count: 100 })
  const again = await ops([...documented[2]!, "--json"])
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, state: "there" })
})

test("only who asks for it sees what people wrote", async () => {
  const { stdout } = await ops(
    ["import-sqlite", "tasks.db", "--map", "tasks.toml", "--dry-run", "--reveal"],
    {},
  )
  expect(stdout).toContain('"someone1@example.org"')
  expect(stdout).not.toContain("$argon2id$")
})

test("faults are told with exit code 3, and are in the report", async () => {
  const database = makeSource(join(folder, "dirty.db"), { people: 2, organisations: 1, tasks: 30 })
  database.run("update tasks set title = ''")
  database.close()
  const given = ["import-sqlite", "dirty.db", "--map", "tasks.toml", "--report", "dirty.json"]
  const { stderr, exitCode } = await ops(given)
  expect(exitCode).toBe(3)
  expect(stderr).toContain("empty: tasks.title is empty (cures: replace, skip), rows 1, 2, 3,")
  expect(stderr).toContain("and 10 more")
  const report = await Bun.file(join(folder, "dirty.json")).json()
  expect(report).toMatchObject({ code: 3, faults: [{ kind: "empty", count: 30 }] })
  expect(JSON.stringify(report)).not.toContain("someone1@example.org")
})

test("what is missing is named: the map, the database, a way to it", async () => {
  const missing = await ops(["import-sqlite", "tasks.db", "--map", "none.toml"])
  expect(missing).toMatchObject({ exitCode: 2, stderr: "There is no map none.toml.\n" })
  const given = ["import-sqlite", "tasks.db", "--map", "tasks.toml"]
  expect(await ops(given, {})).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("DATABASE_URL is not set."),
  })
  const nowhere = await ops([...given, "--report", "no/such/folder.json"])
  expect(nowhere).toMatchObject({
    exitCode: 2,
    stderr: "The report can't be written to no/such/folder.json (ENOENT).\n",
  })
  const away = await ops(given, { DATABASE_URL: "postgres://docket:secret@127.0.0.1:1/docket" })
  expect(away.exitCode).toBe(1)
  expect(away.stderr).toContain("The database can't be used")
  expect(away.stderr).not.toContain("secret")
})

test("a role that may not make temporary tables is told which one may", async () => {
  const role = `importer_${Bun.randomUUIDv7().replaceAll("-", "")}`
  await sql.unsafe(`create role ${role} login password 'x'; grant select on all tables in schema public to ${role};
    do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$`)
  const other = Object.assign(new URL(url), { username: role, password: "x" }).href
  const { stderr, exitCode } = await ops(["import-sqlite", "tasks.db", "--map", "tasks.toml"], {
    DATABASE_URL: other,
  })
  await sql.unsafe(`drop owned by ${role}; drop role ${role}`)
  expect(exitCode).toBe(1)
  expect(stderr).toContain("The import needs the role that owns the database")
})

test("Ctrl-C leaves no copy behind", async () => {
  makeSource(join(folder, "many.db"), { people: 6, organisations: 2, tasks: 50_000 }).close()
  const given = ["import-sqlite", "many.db", "--map", "tasks.toml", "--dry-run"]
  const child = Bun.spawn(["bun", `${import.meta.dir}/../cli.ts`, ...given], {
    cwd: folder,
    env: { PATH: process.env.PATH!, TMPDIR: folder },
    stdout: "pipe",
    stderr: "pipe",
  })
  const copies = async () => (await readdir(folder)).filter((name) => name.startsWith("docket-import-copy-"))
  while ((await copies()).length === 0) await Bun.sleep(5)
  child.kill("SIGINT")
  expect(await child.exited).toBe(130)
  expect(await copies()).toEqual([])
})
