import { afterAll, expect, test } from "bun:test"
import { connect } from "../server/database/connect.ts"
import { makeCertificate } from "../server/testing/certificate.ts"
import { testDatabase } from "../server/testing/database.ts"
import { ROOT } from "../server/testing/repository.ts"
import { startSmtp } from "../server/testing/smtp.ts"
import type { Facts } from "./examine/facts.ts"

const { sql, url } = await testDatabase()
const SECRET = "a key for tests that is long enough to be one"

/** The command as a task of the image runs it. */
async function examine(environment: Record<string, string> = {}, ...given: string[]) {
  const child = Bun.spawn([process.execPath, "--no-env-file", "ops/examine.ts", ...given], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, DATABASE_URL: url, JWT_SECRET_KEY: SECRET, ...environment },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { exitCode: await child.exited, out, err, facts: out ? (JSON.parse(out) as Facts) : null! }
}

const role = `server_${Bun.randomUUIDv7().replaceAll("-", "")}`
await sql.unsafe(`create role ${role} login password 'a password of the role'`)
await sql.unsafe(`revoke create on schema public from public`)
// After the database is dropped, and with it what the role was granted.
afterAll(async () => {
  const cluster = Object.assign(new URL(url), { pathname: "/postgres" }).href
  const admin = connect(cluster, { max: 1, statementTimeout: 5_000 })
  await admin.unsafe(`drop role ${role}`)
  await admin.end()
})
const asServer = Object.assign(new URL(url), { username: role, password: "a password of the role" }).href

test("what the server's variables, role and surroundings come to, and no secret", async () => {
  await sql.unsafe(`grant select, insert, update, delete on all tables in schema public to ${role}`)
  const { exitCode, out, facts } = await examine({
    DATABASE_URL: asServer,
    FRONTEND_URL: "https://docket.example.org",
    TRUSTED_PROXIES: "10.0.0.0/8",
  })
  expect(exitCode).toBe(0)
  expect(facts.config).toMatchObject({
    frontendUrl: "https://docket.example.org",
    trustedProxies: ["10.0.0.0/8"],
    pooled: false,
    mail: null,
  })
  expect(facts.database).toMatchObject({ reached: true, pooler: false, notifications: true, readOnly: false })
  if (!facts.database.reached) throw new Error("unreachable")
  expect(Math.floor(facts.database.version / 10_000)).toBe(18)
  expect(facts.database.role).toEqual({ name: role, superuser: false, more: [], lacking: [] })
  expect(facts.database.migrations?.pending).toEqual([])
  expect(facts.database.migrations?.applied).toBe(facts.database.migrations!.shipped)
  expect(facts.process.disk.freeBytes).toBeGreaterThan(0)
  for (const secret of [SECRET, "a password of the role", "password%20of"]) expect(out).not.toContain(secret)
})

test("a role that may do too much, or too little", async () => {
  await sql.unsafe(`grant create on schema public to ${role}; revoke delete on todos from ${role}`)
  const { facts } = await examine({ DATABASE_URL: asServer })
  if (!facts.database.reached) throw new Error("unreachable")
  expect(facts.database.role).toMatchObject({ more: ["CREATE on schema public"], lacking: ["todos"] })
  const owner = await examine()
  if (!owner.facts.database.reached) throw new Error("unreachable")
  expect(owner.facts.database.role).toMatchObject({ superuser: true })
  expect(owner.facts.database.role.more).toContain("ownership of tables")
})

test("migrations that wait, and a database that was never migrated", async () => {
  const empty = `test_${Bun.randomUUIDv7().replaceAll("-", "")}`
  await sql.unsafe(`create database ${empty}`)
  const emptyUrl = Object.assign(new URL(url), { pathname: `/${empty}` }).href
  try {
    const never = await examine({ DATABASE_URL: emptyUrl })
    expect(never.facts.database).toMatchObject({ reached: true, migrations: null })
  } finally {
    await sql.unsafe(`drop database ${empty} with (force)`)
  }
  const [last] = await sql<[{ name: string }]>`
    delete from migrations where number = (select max(number) from migrations) returning name`
  const { facts } = await examine()
  expect(facts.database).toMatchObject({ migrations: { pending: [last.name] } })
})

test("a database that is not there, or refuses the password, is a finding and no failure", async () => {
  const away = await examine({ DATABASE_URL: "postgres://a:s3cret@127.0.0.1:1/x" })
  expect(away).toMatchObject({ exitCode: 0, facts: { database: { reached: false } } })
  const refused = await examine({
    DATABASE_URL: Object.assign(new URL(asServer), { password: "s3cret" }).href,
  })
  expect(refused.out + away.out).not.toContain("s3cret")
})

test("a test letter goes the server's own way, and the reply is the mail server's", async () => {
  const smtp = await startSmtp({
    certificate: await makeCertificate(),
    refuse: (stage, to) =>
      stage === "RCPT" && to.startsWith("nobody")
        ? { code: 550, message: "5.1.1 No such mailbox" }
        : undefined,
  })
  try {
    const mail = { ...smtp.environment, FRONTEND_URL: "https://docket.example.org" }
    const taken = await examine(mail, "--letter", "ann@example.org")
    expect(taken.facts.letter?.outcome).toBe("taken")
    expect(taken.facts.letter?.reply).toStartWith("250 ")
    expect((await smtp.nextLetter()).to).toEqual(["ann@example.org"])
    const refused = await examine(mail, "--letter", "nobody@example.org")
    expect(refused.facts.letter?.outcome).toBe("refused")
    expect(refused.facts.letter?.reply).toContain("550 5.1.1 No such mailbox")
    const wrong = await examine({ ...mail, SMTP_PASSWORD: "wrong" }, "--letter", "ann@example.org")
    expect(wrong.facts.letter?.outcome).toBe("unreachable")
    expect(wrong.facts.letter?.reply).toContain("535")
  } finally {
    await smtp.stop()
  }
  const without = await examine({}, "--letter", "ann@example.org")
  expect(without.facts.letter).toEqual({ outcome: "not configured", reply: "" })
})

test("what it is not meant to be given gets one sentence", async () => {
  for (const given of [["--letter"], ["--letter", "no address"], ["ann@example.org"]]) {
    const { exitCode, err } = await examine({}, ...given)
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: "Usage: bun run examine [--letter ADDRESS]\n",
    })
  }
  const { exitCode, err } = await examine({ DATABASE_URL: "" })
  expect(exitCode).toBe(1)
  expect(err).toContain("DATABASE_URL is not set")
})

test("connections that it opened are closed again", async () => {
  const watcher = connect(url, { max: 1, statementTimeout: 5_000 })
  await examine({ DATABASE_URL: asServer })
  const [{ open }] = await watcher<[{ open: number }]>`
    select count(*)::int as open from pg_stat_activity where usename = ${role}`
  await watcher.end()
  expect(open).toBe(0)
})
