/**
 * `bun ops/test-previous.ts [ref]`: runs the server's tests of an earlier release, by default the one before this, on a
 * database that this tree's migrations made: what stays up while a deploy rolls, and what a rollback brings back.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readMigrations } from "../server/database/migrations.ts"
import { migrations } from "../server/release.ts"
import { startCluster } from "../server/testing/cluster.ts"
import { countsOf } from "./test-report.ts"

const ROOT = join(import.meta.dir, "..")
/** Milliseconds for one test, as in ops/test.ts. */
const TEST_PATIENCE = 30_000

const folder = mkdtempSync(join(tmpdir(), "docket-previous-"))
const tree = join(folder, "tree")
let code = 1
try {
  const ref = process.argv[2] ?? (await previousRelease())
  await git("worktree", "add", "--quiet", "--detach", tree, ref)
  const before = await readMigrations(join(tree, "migrations"))
  const now = await readMigrations(migrations)
  const commit = await git("-C", tree, "log", "-1", "--format=%h %s")
  console.log(`The server's tests of ${commit} (migration ${before.length}) on migration ${now.length}`)
  const refused = now.find(({ serves }) => serves > before.length)
  if (refused)
    console.log(`${refused.name} says that it serves release ${refused.serves} and later: nothing to prove.`)
  code = refused ? 0 : await run(await startCluster())
} catch (error) {
  console.error((error as Error).message)
} finally {
  await git("worktree", "remove", "--force", tree).catch(() => {})
  rmSync(folder, { recursive: true, force: true })
}
process.exit(code)

/** The newest tag of a release that this commit comes after, else where this branch left main, else the commit before. */
async function previousRelease(): Promise<string> {
  const head = await git("rev-parse", "HEAD")
  const candidates = [
    () => git("describe", "--tags", "--abbrev=0", "--match=v*", "HEAD~1"),
    () => git("merge-base", "HEAD", "origin/main"),
    () => git("merge-base", "HEAD", "main"),
  ]
  for (const candidate of candidates) {
    const found = await candidate().catch(() => head)
    if (found !== head) return found
  }
  return "HEAD~1"
}

async function run(cluster: string): Promise<number> {
  const env = { ...process.env, TEST_DATABASE_CLUSTER: cluster }
  await ended(["install", "--frozen-lockfile", "--silent"], env)
  const report = join(folder, "report.xml")
  const exit = await ended(
    [
      "test",
      `--timeout=${TEST_PATIENCE}`,
      "--only-failures",
      "--reporter=junit",
      `--reporter-outfile=${report}`,
      ...(await testsOnTheSchema()),
    ],
    env,
  )
  const counts = countsOf(
    await Bun.file(report)
      .text()
      .catch(() => ""),
    exit,
  )
  console.log(`${counts.passed} passed, ${counts.failed} failed`)
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1
}

/** Those that ask the application, or its queries, on a clone of the template. */
async function testsOnTheSchema(): Promise<string[]> {
  const files = [...new Bun.Glob("server/**/*.test.ts").scanSync(tree)].sort()
  const texts = await Promise.all(files.map((file) => Bun.file(join(tree, file)).text()))
  return files
    .filter((_, index) => /testing\/(app|database)\.ts"/.test(texts[index]!))
    .map((file) => `./${file}`)
}

function ended(command: string[], env: Record<string, string | undefined>): Promise<number> {
  return Bun.spawn([process.execPath, ...command], { cwd: tree, env, stdout: "inherit", stderr: "inherit" })
    .exited
}

async function git(...args: string[]): Promise<string> {
  const child = Bun.spawn(["git", ...args], { cwd: ROOT, stdout: "pipe", stderr: "pipe" })
  const [output, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  if ((await child.exited) !== 0) throw new Error(`git ${args.join(" ")}: ${complaint.trim()}`)
  return output.trim()
}
