import { expect, test } from "bun:test"
import { SMOKE_HASH_PARAMETERS } from "../server/accounts/smoke-account.ts"
import { testDatabase } from "../server/testing/database.ts"
import { ROOT } from "../server/testing/repository.ts"

const { sql, url } = await testDatabase()
const hash = await Bun.password.hash("a random password", SMOKE_HASH_PARAMETERS)

/** The command as a task of the image runs it. */
async function smokeAccount(given: string[], environment: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, "--no-env-file", "ops/smoke-account.ts", ...given], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      JWT_SECRET_KEY: "a key for tests that is long enough to be one",
      ...environment,
    },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { exitCode: await child.exited, out, err }
}

test("it needs only the server's role, which may read and write rows and make nothing", async () => {
  const role = `server_${Bun.randomUUIDv7().replaceAll("-", "")}`
  await sql.unsafe(`create role ${role} login password 'a password'`)
  try {
    await sql.unsafe(`grant select, insert, update, delete on all tables in schema public to ${role}`)
    const asServer = Object.assign(new URL(url), { username: role, password: "a password" }).href
    for (const outcome of ["made", "renewed"])
      expect(await smokeAccount([hash], { DATABASE_URL: asServer })).toEqual({
        exitCode: 0,
        out: `The smoke account was ${outcome}.\n`,
        err: "",
      })
  } finally {
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`)
  }
})

for (const [name, given, environment, sentence] of [
  ["no hash", [], {}, "Usage: bun run smoke-account HASH"],
  ["a password in place of its hash", ["hunter2"], {}, "HASH must be argon2id"],
  ["a hash of a person's parameters", [await Bun.password.hash("x")], {}, "HASH must be argon2id"],
  [
    "a database that is not there",
    [hash],
    { DATABASE_URL: "postgres://a:s3cret@127.0.0.1:1/x" },
    "The database can't be used",
  ],
] as [string, string[], Record<string, string>, string][])
  test(`${name} gets one sentence`, async () => {
    const { exitCode, out, err } = await smokeAccount(given, environment)
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" })
    expect(err).toContain(sentence)
    expect(err).not.toContain("    at ")
    expect(err).not.toContain("s3cret")
  })

test("a database without the migration is named so", async () => {
  await sql`alter table accounts rename column is_smoke to was_smoke`
  const { exitCode, err } = await smokeAccount([hash])
  expect({ exitCode, err }).toEqual({
    exitCode: 1,
    err: "The database can't be used: it lacks migrations (bun run migrate).\n",
  })
})
