import { afterAll } from "bun:test"
import { readdirSync } from "node:fs"
import { Passwords } from "../accounts/passwords.ts"
import { createAccount } from "../accounts/queries.ts"
import { type App, createApp } from "../app.ts"
import { type Config, readConfig } from "../config.ts"
import { overseeTransactions } from "../database/transactions.ts"
import { watchQueries } from "../database/watched-queries.ts"
import type { Dependencies } from "../dependencies.ts"
import { startQueue } from "../jobs/queue.ts"
import { LETTERS, type Letter, openLetterQueue, queuedLetters } from "../mail/letters.ts"
import { Metrics } from "../metrics/metrics.ts"
import { createAccessTokens } from "../sessions/access-token.ts"
import { LiveSessions } from "../sessions/live-sessions.ts"
import { createSession } from "../sessions/queries.ts"
import { EventStreams } from "../sync/streams.ts"
import { testDatabase } from "./database.ts"
import { keepSecrets, testLog } from "./kept-logs.ts"

export type TestApp = {
  app: App
  dependencies: Dependencies
  /** What is queued to be sent, in order: only what committed. Nothing sends it. */
  letters: () => Promise<Letter[]>
  /** One request; `body` is sent as JSON. */
  request: (method: string, path: string, options?: RequestOptions) => Promise<Response>
  /** Makes what the process remembers in memory this much older; rows are aged by SQL. */
  passSeconds: (seconds: number) => void
}

type RequestOptions = {
  body?: unknown
  headers?: Record<string, string>
  token?: string
  /** Where the request comes from: limits count by it, so each person in a test has their own. */
  address?: string
}

const TEST_ENVIRONMENT = {
  ENVIRONMENT: "test",
  JWT_SECRET_KEY: "a key for tests that is long enough to be one",
  FRONTEND_URL: "http://localhost:8000",
  LOG_LEVEL: "silent",
  // Requests arrive from this machine, which passes on where they come from.
  TRUSTED_PROXIES: "127.0.0.1",
}

const MAIL = { SMTP_HOST: "127.0.0.1", SMTP_FROM_EMAIL: "docket@example.org" }

/** The whole application over a database of its own. `environment` overrides variables. */
export async function testApp(environment: Record<string, string> = {}): Promise<TestApp> {
  const { sql, url } = await testDatabase()
  const config: Config = readConfig({
    DATABASE_URL: url,
    ...TEST_ENVIRONMENT,
    ...(environment.SMTP_HOST !== "" && MAIL),
    ...environment,
  })
  const log = await testLog()
  const queue = await startQueue({ url, log, supervise: false })
  afterAll(() => queue.stop())
  await openLetterQueue(queue)
  let passed = 0
  const streams = new EventStreams({ sql, log })
  const metrics = config.metricsToken === null ? null : new Metrics({ version: "0.0.0-test", worker: null })
  afterAll(() => metrics?.stop())
  if (metrics) afterAll(watchQueries(sql, metrics))
  overseeTransactions(sql, (changes) => streams.hear(changes), metrics ?? undefined)
  afterAll(() => streams.end())
  const dependencies: Dependencies = {
    config,
    version: "0.0.0-test",
    shippedMigration: readdirSync(`${import.meta.dir}/../../migrations`).length,
    folders: {
      page: `${import.meta.dir}/../../dist/page`,
      reference: `${import.meta.dir}/../../node_modules/@scalar/api-reference/dist/browser`,
    },
    sql,
    log,
    letters: queuedLetters(queue, config),
    passwords: new Passwords(),
    accessTokens: createAccessTokens(config, () => Date.now() + passed),
    liveSessions: new LiveSessions(() => performance.now() + passed),
    streams,
    metrics,
    traces: null,
  }
  const app = createApp(dependencies)
  return {
    app,
    dependencies,
    letters: async () => {
      const jobs = await sql<{ data: Letter }[]>`
        select data from pgboss.job where name = ${LETTERS} order by created_on, id`
      return jobs.map((job) => job.data)
    },
    passSeconds: (seconds) => {
      passed += seconds * 1000
    },
    request: (method, path, { body, headers, token, address } = {}) => {
      keepSecrets(body, token)
      return app.handle(
        new Request(`http://localhost${path}`, {
          method,
          headers: {
            ...(body === undefined ? {} : { "Content-Type": "application/json" }),
            ...(address ? { "X-Forwarded-For": address } : {}),
            ...(token ? { Authorization: `Bearer ${token}` } : {}),
            ...headers,
          },
          body: body === undefined ? undefined : JSON.stringify(body),
        }),
      )
    },
  }
}

let people = 0

/** A verified account with an Inbox, straight into the database (no password is hashed). Returns its id. */
export async function newAccount({ dependencies }: TestApp): Promise<string> {
  people += 1
  const number = people
  const id = await dependencies.sql.begin((sql) =>
    createAccount(sql, {
      email: `person${number}@example.org`,
      passwordHash: "not a hash",
      name: `Person ${number}`,
      language: "en",
      timeZone: "UTC",
      verified: true,
    }),
  )
  return id!
}

export type SignedIn = { accountId: string; sessionId: string; token: string; request: TestApp["request"] }

/** A session of `accountId` (a new account by default) and a requester that carries its token. */
export async function signIn(testApp: TestApp, accountId?: string): Promise<SignedIn> {
  const caller = { accountId: accountId ?? (await newAccount(testApp)), sessionId: "" }
  const { sql } = testApp.dependencies
  const [account] = await sql<{ passwordHash: string }[]>`
    select password_hash from accounts where id = ${caller.accountId}`
  const session = await sql.begin((transaction) =>
    createSession(transaction, { ...caller, ...account!, userAgent: "Test", address: "192.0.2.1" }),
  )
  caller.sessionId = session!.sessionId
  const token = await testApp.dependencies.accessTokens.sign(caller)
  return {
    ...caller,
    token,
    request: (method, path, options) => testApp.request(method, path, { token, ...options }),
  }
}
