import { expect, test } from "bun:test"

async function ops(...args: string[]) {
  const child = Bun.spawn(["bun", `${import.meta.dir}/cli.ts`, ...args], { stdout: "pipe", stderr: "pipe" })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { stdout, stderr, exitCode }
}

test("without a command it lists them, and that is no failure", async () => {
  const { stdout, exitCode } = await ops()
  expect(stdout).toContain("Runs a deployment of Docket.")
  expect(exitCode).toBe(0)
})

test("an unknown command is bad input, also as JSON", async () => {
  const { stdout, stderr, exitCode } = await ops("deploi", "staging", "--json")
  expect(exitCode).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 2 })
  expect(stderr).toStartWith('There is no command "deploi".')
})
