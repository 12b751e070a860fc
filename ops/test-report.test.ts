import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { countsOf } from "./test-report.ts"

const folder = mkdtempSync(join(tmpdir(), "docket-report-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs `source` as a test file and counts its report. */
async function counted(source: string) {
  const [file, report] = [join(folder, "one.test.ts"), join(folder, "report.xml")]
  rmSync(report, { force: true })
  writeFileSync(file, source)
  const child = Bun.spawn(
    [process.execPath, "test", file, "--reporter=junit", `--reporter-outfile=${report}`],
    {
      cwd: folder,
      stdout: "ignore",
      stderr: "ignore",
    },
  )
  const exitCode = await child.exited
  return countsOf(
    await Bun.file(report)
      .text()
      .catch(() => ""),
    exitCode,
  )
}

const start = `import { describe, expect, test } from "bun:test";`

test("passed, failed and skipped tests are told apart", async () => {
  const source = `${start} describe("a", () => { test("b", () => {}); test("c", () => expect(1).toBe(2)) }); test.skip("d", () => {}); test("e", () => {})`
  expect(await counted(source)).toEqual({ passed: 2, failed: 1, skipped: 1 })
})

test("a file that does not load is a failure", async () => {
  expect((await counted(`import "./gone.ts"; ${start} test("a", () => {})`)).failed).toBe(1)
})

test("an error outside the tests is a failure", async () => {
  expect(
    (await counted(`${start} test("a", () => {}); afterAll(() => { throw new Error("late") })`)).failed,
  ).toBe(1)
})

test("no test at all is a failure", async () => {
  expect(await counted("")).toEqual({ passed: 0, failed: 1, skipped: 0 })
  expect((await counted(`${start} test.skip("a", () => {})`)).failed).toBe(1)
})
