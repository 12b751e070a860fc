import { afterEach, beforeEach, expect, test } from "bun:test"
import { databaseUrl, identitySettings, keepFor, recipientSettings, storageSettings } from "./settings.ts"

const before = { ...process.env }
const set = (variables: Record<string, string>) => Object.assign(process.env, variables)
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("BACKUP_")) delete process.env[name]
})
afterEach(() => {
  process.env = { ...before }
})

const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
const STORAGE = {
  BACKUP_S3_ENDPOINT: "https://s3.example.org/",
  BACKUP_S3_BUCKET: "backups",
  BACKUP_S3_ACCESS_KEY_ID: "writer",
  BACKUP_S3_SECRET_ACCESS_KEY: "secret",
}

test("everything that is missing is named at once", () => {
  expect(storageSettings).toThrow(/^BACKUP_S3_ENDPOINT, BACKUP_S3_BUCKET, .* are not set/)
})

test("a prefix ends in one slash, an endpoint in none", () => {
  set({ ...STORAGE, BACKUP_S3_PREFIX: "/docket/" })
  expect(storageSettings()).toMatchObject({ endpoint: "https://s3.example.org", prefix: "docket/" })
  set({ BACKUP_S3_PREFIX: "" })
  expect(storageSettings().prefix).toBe("")
})

test("the writer is refused a secret key, and it is not repeated", () => {
  const secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
  set({ BACKUP_RECIPIENTS: `${RECIPIENT} ${secret}` })
  expect(recipientSettings).toThrow(/holds a secret key/)
  expect(recipientSettings).not.toThrow(/GFPYY/)
  set({ BACKUP_RECIPIENTS: `${RECIPIENT}, ${RECIPIENT}` })
  expect(recipientSettings()).toEqual([RECIPIENT])
})

test("an identity file may have comments, and nothing else beside identities", () => {
  const secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
  set({ BACKUP_IDENTITY: `# created: today\n# public key: ${RECIPIENT}\n${secret}\n` })
  expect(identitySettings()).toEqual([secret])
  set({ BACKUP_IDENTITY: "hunter2" })
  expect(identitySettings).toThrow(/no age identity/)
})

test("what is no number of days or no database is named", () => {
  set({ BACKUP_KEEP_DAYS: "0", BACKUP_DATABASE_URL: "https://example.org" })
  expect(keepFor).toThrow(/from 1 to 3650/)
  set({ BACKUP_KEEP_DAYS: "30", BACKUP_KEEP_MONTHS: "a year" })
  expect(keepFor).toThrow(/BACKUP_KEEP_MONTHS is a year, and must be a number of months from 0 to 120/)
  set({ BACKUP_KEEP_MONTHS: "12" })
  expect(keepFor()).toEqual({ days: 30, months: 12 })
  expect(() => databaseUrl("BACKUP_DATABASE_URL")).toThrow(/BACKUP_DATABASE_URL is no address/)
})
