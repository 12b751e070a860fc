/** `bun run check`: what can be told without running the application. */
import { join } from "node:path"
import { budgetFaults } from "./budgets.ts"
import { migrationFaults } from "./check-migrations.ts"
import { translationFaults } from "./check-translations.ts"
import { documentFaults } from "./document.ts"

const ROOT = join(import.meta.dir, "..")

/** Each is a list of faults to be. Those that need nothing of one another run side by side. */
const AT_ONCE = {
  lint: () => faultsOf("node_modules/.bin/biome", "check", "--error-on-warnings", "."),
  types: () => faultsOf("node_modules/.bin/tsc", "--noEmit"),
  architecture: () => faultsOf("test", "--only-failures", "./server/architecture.test.ts"),
  translations: translationFaults,
  migrations: () => migrationFaults(),
  documents: documentFaults,
  lockfile: lockfileFaults,
}
const THEN = {
  build: () => faultsOf("ops/build.ts"),
  budgets: budgetFaults,
}

/** Runs every check and prints what each found. Leaves the page and the server built. */
export async function check(): Promise<{ passed: number; failed: number }> {
  const results = [
    ...(await Promise.all(Object.entries(AT_ONCE).map(([name, find]) => run(name, find)))),
    await run("build", THEN.build),
    await run("budgets", THEN.budgets),
  ]
  const failed = results.filter((passed) => !passed).length
  return { passed: results.length - failed, failed }
}

async function run(name: string, find: () => Promise<string[]>): Promise<boolean> {
  const start = performance.now()
  const faults = await find()
  console.log(
    `${faults.length === 0 ? "✓" : "✗"} ${name.padEnd(13)}${((performance.now() - start) / 1000).toFixed(1)} s`,
  )
  for (const fault of faults) console.log(fault.trimEnd().replace(/^/gm, "    "))
  return faults.length === 0
}

/** What a command that failed said. `--bun`, since the machine's Node may be old or absent. */
async function faultsOf(...command: string[]): Promise<string[]> {
  const child = Bun.spawn([process.execPath, "--bun", ...command], {
    cwd: ROOT,
    stdout: "pipe",
    stderr: "pipe",
  })
  const [output, complaints, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return code === 0 ? [] : [`${output}${complaints}` || `${command.join(" ")} ended with ${code}`]
}

/** An address in the lockfile would bind every installation to the registry of whoever wrote it. */
async function lockfileFaults(): Promise<string[]> {
  const lines = (await Bun.file(join(ROOT, "bun.lock")).text()).split("\n")
  return lines
    .filter((line) => /https?:\/\//.test(line))
    .map((line) => `bun.lock holds an address: ${line.trim()}`)
}

if (import.meta.main) {
  const { passed, failed } = await check()
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}
