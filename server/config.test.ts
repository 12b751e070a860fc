import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ConfigError, configWarnings, readConfig } from "./config.ts"
import { allVariables } from "./variables.ts"

const KEY = "pq8vJ2mZx4Rk7sWn1tYc9uLd3hGf6bTa"
const LEAST = { DATABASE_URL: "postgres://docket:hunter2@db:5432/docket", JWT_SECRET_KEY: KEY }
const MAIL = {
  SMTP_HOST: "smtp.example.org",
  SMTP_FROM_EMAIL: "todo@example.org",
  FRONTEND_URL: "https://todo.example.org",
}

const folder = mkdtempSync(join(tmpdir(), "docket-config-"))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

function faults(environment: Record<string, string>): string[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

test("the least that is needed runs in production, with safe defaults", () => {
  expect(readConfig(LEAST)).toMatchObject({
    environment: "production",
    port: 8000,
    smtpPort: 587,
    smtpUseTls: true,
    trustedProxies: [],
    registration: "open",
    frontendUrl: null,
  })
})

test("every fault is told at once", () => {
  const told = faults({
    PORT: "80000",
    LOG_LEVEL: "loud",
    SMTP_USE_TLS: "yes",
    TRUSTED_PROXIES: "10.0.0.0/8, proxy",
  })
  expect(told).toEqual([
    "DATABASE_URL is not set. PostgreSQL 18, where everything is kept.",
    "JWT_SECRET_KEY is not set. Signs access tokens. Make one with `openssl rand -base64 48`.",
    "SMTP_USE_TLS must be true or false.",
    "PORT must be a whole number from 0 to 65535.",
    'TRUSTED_PROXIES holds "proxy", which is neither an address nor a range such as 10.0.0.0/8.',
    "LOG_LEVEL must be one of debug, info, warn, error, silent.",
    "SMTP_USE_TLS is set, but SMTP_HOST is not: name the mail server too.",
  ])
})

test("no fault repeats a secret", () => {
  const secrets = allVariables.filter(([, { secret }]) => secret).map(([name]) => name)
  const value = " do-not-print-me "
  const message = new ConfigError(faults(Object.fromEntries(secrets.map((name) => [name, value])))).message
  expect(secrets).toContain("DATABASE_URL")
  expect(message).not.toContain("do-not-print-me")
  expect(
    new ConfigError(faults({ ...LEAST, DATABASE_URL: "mysql://root:do-not-print-me@db/x" })).message,
  ).not.toContain("do-not-print-me")
})

describe("a value", () => {
  test("that is empty or blank is not set", () => {
    expect(readConfig({ ...LEAST, PORT: "", SMTP_HOST: "  " })).toMatchObject({ port: 8000, smtpHost: null })
  })
  test("is taken without the white space around it", () => {
    expect(readConfig({ ...LEAST, PORT: " 9000 " }).port).toBe(9000)
  })
  test("in quotation marks is a fault, since Docker passes them on", () => {
    expect(faults({ ...LEAST, FRONTEND_URL: '"https://todo.example.org"' })).toEqual([
      "FRONTEND_URL is wrapped in quotation marks, which are taken literally here: remove them.",
    ])
  })
  test("that is secret is not trimmed in silence", () => {
    expect(faults({ ...LEAST, JWT_SECRET_KEY: `${KEY} ` })).toEqual([
      "JWT_SECRET_KEY begins or ends with white space: remove it.",
    ])
  })
})

describe("NAME_FILE", () => {
  test("gives the value of NAME, without the line break at its end", () => {
    const config = readConfig({
      DATABASE_URL: LEAST.DATABASE_URL,
      JWT_SECRET_KEY_FILE: file("key", `${KEY}\r\n`),
    })
    expect(config.jwtSecretKey).toBe(KEY)
  })
  test("stands for variables that are not secret too", () => {
    expect(readConfig({ ...LEAST, PORT_FILE: file("port", "9001\n") }).port).toBe(9001)
  })
  test("beside NAME is a fault", () => {
    expect(faults({ ...LEAST, JWT_SECRET_KEY_FILE: file("both", KEY) })).toEqual([
      "JWT_SECRET_KEY and JWT_SECRET_KEY_FILE are both set: keep one of them.",
    ])
  })
  test("of a file that is missing, a folder, or empty is a fault that names it", () => {
    expect(
      faults({
        ...LEAST,
        PORT_FILE: join(folder, "gone"),
        WORKERS_FILE: folder,
        LOG_LEVEL_FILE: file("empty", "\n"),
      }),
    ).toEqual([
      `PORT cannot be read: PORT_FILE names ${folder}/gone (ENOENT).`,
      `WORKERS cannot be read: WORKERS_FILE names ${folder} (EISDIR).`,
      `LOG_LEVEL is not in the file that LOG_LEVEL_FILE names: ${folder}/empty is empty.`,
    ])
  })
})

describe("refused", () => {
  const refused: [what: string, environment: Record<string, string>, because: string][] = [
    ["a short key", { JWT_SECRET_KEY: "short" }, "JWT_SECRET_KEY is 5 characters long"],
    ["a repeated key", { JWT_SECRET_KEY: "abcd".repeat(10) }, "JWT_SECRET_KEY repeats a few characters"],
    [
      "a placeholder",
      { JWT_SECRET_KEY: "your-secret-key-of-32-characters-or-more" },
      "JWT_SECRET_KEY is a placeholder",
    ],
    ["the same key twice", { JWT_SECRET_KEY_PREVIOUS: KEY }, "JWT_SECRET_KEY_PREVIOUS is the same"],
    [
      "another database",
      { DATABASE_URL: "mysql://db/docket" },
      "DATABASE_URL must be a URL such as postgres://",
    ],
    [
      "a transaction pooler and no way past it",
      { DATABASE_URL: "postgres://u:hunter2@ep-x-1-pooler.eu-central-1.aws.neon.tech/docket" },
      "DATABASE_URL leads to a transaction pooler, and DATABASE_DIRECT_URL is not set",
    ],
    [
      "a way past a pooler that leads to one",
      { DATABASE_DIRECT_URL: "postgres://db:6432/docket?pgbouncer=true" },
      "DATABASE_DIRECT_URL leads to a transaction pooler",
    ],
    ["no database's name", { DATABASE_URL: "postgres://db:5432" }, "DATABASE_URL must name a database"],
    ["a page below a path", { FRONTEND_URL: "https://example.org/todo" }, "FRONTEND_URL must be an origin"],
    [
      "a page without a scheme",
      { FRONTEND_URL: "todo.example.org" },
      "FRONTEND_URL must begin with https://",
    ],
    ["mail without a sender", { ...MAIL, SMTP_FROM_EMAIL: "" }, "SMTP_FROM_EMAIL is not set"],
    ["mail without the page", { ...MAIL, FRONTEND_URL: "" }, "FRONTEND_URL is not set"],
    ["a mail server's URL", { ...MAIL, SMTP_HOST: "smtp://example.org" }, "SMTP_HOST must be a host name"],
    [
      "a password without a name",
      { ...MAIL, SMTP_PASSWORD: "x" },
      "SMTP_USERNAME and SMTP_PASSWORD go together",
    ],
    [
      "settings of no mail server",
      { SMTP_USERNAME: "a", SMTP_PASSWORD: "b" },
      "SMTP_USERNAME and SMTP_PASSWORD are set, but SMTP_HOST is not",
    ],
    [
      "a sender of no letters",
      { SMTP_FROM_EMAIL: "todo@example.org" },
      "SMTP_FROM_EMAIL is set, but neither",
    ],
    [
      "a password in the clear",
      { ...MAIL, SMTP_USERNAME: "a", SMTP_PASSWORD: "b", SMTP_USE_TLS: "false" },
      "SMTP_USE_TLS is false, which would send SMTP_PASSWORD",
    ],
    [
      "two ways to send",
      { ...MAIL, MAIL_HTTPS_PROVIDER: "resend", MAIL_HTTPS_KEY: "k" },
      "SMTP_HOST and MAIL_HTTPS_PROVIDER are both set",
    ],
    [
      "a provider without a key",
      { ...MAIL, SMTP_HOST: "", MAIL_HTTPS_PROVIDER: "resend" },
      "MAIL_HTTPS_PROVIDER and MAIL_HTTPS_KEY go together",
    ],
    [
      "a drain longer than the watchdog allows",
      { SHUTDOWN_DRAIN_SECONDS: "46" },
      "SHUTDOWN_DRAIN_SECONDS must be a whole number from 0 to 45",
    ],
  ]
  for (const [what, environment, because] of refused)
    test(what, () => {
      const told = faults({ ...LEAST, ...environment })
      expect(told).toHaveLength(1)
      expect(told[0]).toStartWith(because)
    })
})

test("an origin is kept as browsers write it", () => {
  expect(readConfig({ ...LEAST, FRONTEND_URL: "https://Todo.example.org:443/" }).frontendUrl).toBe(
    "https://todo.example.org",
  )
})

describe("a warning", () => {
  const warnings = (environment: Record<string, string>) =>
    configWarnings(readConfig({ ...LEAST, ...environment }), environment)

  test("tells a misspelt name from a stranger's", () => {
    const environment = {
      SMTP_USER: "a",
      DATABSE_URL: "b",
      JWT_SECRET_KEY_FIEL: "c",
      port: "1",
      HOST: "d",
      PATH: "e",
      DATABASE_SERVICE_HOST: "f",
    }
    expect(warnings(environment)).toEqual([
      "SMTP_USER is not a variable of Docket and does nothing. Did you mean SMTP_USERNAME?",
      "DATABSE_URL is not a variable of Docket and does nothing. Did you mean DATABASE_URL?",
      "JWT_SECRET_KEY_FIEL is not a variable of Docket and does nothing. Did you mean JWT_SECRET_KEY_FILE?",
      "port is not a variable of Docket and does nothing. Did you mean PORT?",
    ])
  })
  test("names what crosses the network in the clear", () => {
    expect(
      warnings({ ...MAIL, FRONTEND_URL: "http://todo.example.org", SMTP_USE_TLS: "false" }),
    ).toHaveLength(2)
    expect(
      warnings({
        ...MAIL,
        FRONTEND_URL: "http://localhost:8000",
        SMTP_HOST: "127.0.0.1",
        SMTP_USE_TLS: "false",
      }),
    ).toEqual([])
  })
})
