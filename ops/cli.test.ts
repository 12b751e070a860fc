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

test("a missing argument or an unknown option is bad input, and says where help is", async () => {
  const missing = await ops("status")
  expect(missing.exitCode).toBe(2)
  expect(missing.stderr).toContain("See: bun run ops status --help")
  const unknown = await ops("deploy", "staging", "sha256:0", "--dryrun")
  expect(unknown.exitCode).toBe(2)
  expect(unknown.stderr).toBe("deploy has no option --dryrun. See: bun run ops deploy --help\n")
})

test("a tag instead of a digest is refused before anything is asked of the engine", async () => {
  for (const given of ["latest", "sha256:abc", "ghcr.io/owner/docket:1.0"]) {
    const { stderr, exitCode } = await ops("deploy", "staging", given)
    expect(exitCode).toBe(2)
    expect(stderr).toStartWith(`"${given}" is not a digest.`)
  }
})

test("every command has help with examples of itself", async () => {
  const names = JSON.parse((await ops("--json")).stdout).commands
  for (const name of names) {
    const { stdout, exitCode } = await ops(name, "--help")
    expect(exitCode).toBe(0)
    expect(stdout.split("EXAMPLES")[1]).toContain(`bun run ops ${name} `)
  }
})

test("an environment that does not say yet whose signature counts is refused before anything is built or changed", async () => {
  const digest = `sha256:${"0".repeat(64)}`
  const commands = [
    ["publish", "staging"],
    ...["staging", "production", "hosted"].map((name) => ["deploy", name, digest]),
  ]
  for (const command of commands) {
    const { stderr, exitCode } = await ops(...command)
    expect({ command, exitCode }).toEqual({ command, exitCode: 2 })
    expect(stderr).toContain("still says OWNER: put your repository's owner there.")
  }
})
