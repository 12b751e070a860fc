import { expect, test } from "bun:test"
import { newAccount, testApp } from "../server/testing/app.ts"
import { ROOT } from "../server/testing/repository.ts"

const app = await testApp({ SMTP_HOST: "", SMTP_FROM_EMAIL: "" })
const { sql, config } = app.dependencies

/** The command as an operator runs it. */
async function resetLink(address: string[], environment: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, "--no-env-file", "ops/reset-link.ts", ...address], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: config.databaseUrl,
      JWT_SECRET_KEY: "a key for tests that is long enough to be one",
      FRONTEND_URL: "https://docket.example.org/",
      ...environment,
    },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { exitCode: await child.exited, out, err }
}

test("it prints a link that chooses a new password, once", async () => {
  const id = await newAccount(app)
  const [{ email }] = await sql<[{ email: string }]>`select email from accounts where id = ${id}`
  const { exitCode, out, err } = await resetLink([` ${email.toUpperCase()} `])
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" })
  const [, token] = out.match(/^https:\/\/docket\.example\.org\/reset#token=([\w-]{43})\n$/)!
  const choose = (password: string) =>
    app.request("POST", "/api/password-resets/confirmation", { body: { token, password } })
  expect((await choose("a sentence nobody knows")).status).toBe(204)
  expect((await choose("another nobody knows")).status).toBe(410)
})

test("without FRONTEND_URL it says where the link leads", async () => {
  const id = await newAccount(app)
  const [{ email }] = await sql<[{ email: string }]>`select email from accounts where id = ${id}`
  const { out, err } = await resetLink([email], { FRONTEND_URL: "" })
  expect(out).toMatch(/^http:\/\/localhost:8000\/reset#token=/)
  expect(err).toContain("FRONTEND_URL is not set")
})

for (const [name, address, environment, sentence] of [
  ["no address", [], {}, "Usage: bun run reset-link ADDRESS"],
  ["what is no address", ["someone"], {}, '"someone" is not an e-mail address.'],
  [
    "an address without an account",
    ["nobody@example.org"],
    {},
    "No one has an account with the address nobody@example.org.",
  ],
  [
    "a database that is not there",
    ["nobody@example.org"],
    { DATABASE_URL: "postgres://a:s3cret@127.0.0.1:1/x" },
    "The database can't be used",
  ],
  ["variables that are missing", ["nobody@example.org"], { DATABASE_URL: "" }, "DATABASE_URL is not set"],
] as [string, string[], Record<string, string>, string][])
  test(`${name} gets one sentence`, async () => {
    const { exitCode, out, err } = await resetLink(address, environment)
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" })
    expect(err).toContain(sentence)
    expect(err).not.toContain("    at ")
    expect(err).not.toContain("s3cret")
  })
