import pino from "pino"
import { createAccount } from "../accounts/queries.ts"
import { type App, createApp } from "../app.ts"
import { type Config, readConfig } from "../config.ts"
import type { Dependencies } from "../dependencies.ts"
import type { Letter } from "../mail/letters.ts"
import { testDatabase } from "./database.ts"

export type TestApp = {
  app: App
  dependencies: Dependencies
  /** What was queued to be sent, in order. */
  letters: Letter[]
  /** One request; `body` is sent as JSON. */
  request: (method: string, path: string, options?: RequestOptions) => Promise<Response>
}

type RequestOptions = { body?: unknown; headers?: Record<string, string>; token?: string }

const TEST_ENVIRONMENT = {
  ENVIRONMENT: "test",
  JWT_SECRET_KEY: "a key for tests that is long enough to be one",
  FRONTEND_URL: "http://localhost:8000",
  SMTP_HOST: "127.0.0.1",
  SMTP_FROM_EMAIL: "docket@example.org",
  LOG_LEVEL: "silent",
}

/** The whole application over a database of its own. `environment` overrides variables. */
export async function testApp(environment: Record<string, string> = {}): Promise<TestApp> {
  const { sql, url } = await testDatabase()
  const config: Config = readConfig({ DATABASE_URL: url, ...TEST_ENVIRONMENT, ...environment })
  const letters: Letter[] = []
  const dependencies: Dependencies = {
    config,
    sql,
    log: pino({ level: "silent" }),
    letters: {
      enqueue: async (_sql, letter) => {
        letters.push(letter)
      },
    },
  }
  const app = createApp(dependencies)
  return {
    app,
    dependencies,
    letters,
    request: (method, path, { body, headers, token } = {}) =>
      app.handle(
        new Request(`http://localhost${path}`, {
          method,
          headers: {
            ...(body === undefined ? {} : { "Content-Type": "application/json" }),
            ...(token ? { Authorization: `Bearer ${token}` } : {}),
            ...headers,
          },
          body: body === undefined ? undefined : JSON.stringify(body),
        }),
      ),
  }
}

let people = 0

/** A verified account with an Inbox, straight into the database (no password is hashed). Returns its id. */
export async function newAccount({ dependencies }: TestApp): Promise<string> {
  people += 1
  const id = await dependencies.sql.begin((sql) =>
    createAccount(sql, {
      email: `person${people}@example.org`,
      passwordHash: "not a hash",
      name: `Person ${people}`,
      language: "en",
      timeZone: "UTC",
      verified: true,
    }),
  )
  return id!
}
