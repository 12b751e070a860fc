import { describe, expect, test } from "bun:test"
import { violations } from "./testing/architecture.ts"
import { sourceFiles } from "./testing/repository.ts"

test("the source keeps the rules of docs/architecture.md", async () => {
  expect(violations(await sourceFiles())).toEqual([])
})

describe("main → app → features → foundations", () => {
  refuses("a feature that imports the route table", "never upward", {
    "server/app.ts": "",
    "server/todos/routes.ts": `import "../app.ts"`,
  })
  refuses("a foundation that imports a feature, by type alone", "never upward", {
    "server/database/connect.ts": `import type { Row } from "../todos/queries.ts"`,
    "server/todos/queries.ts": "",
  })
  refuses("the list of dependencies making one itself", "never upward", {
    "server/dependencies.ts": `import { passwords } from "./accounts/passwords.ts"`,
    "server/accounts/passwords.ts": "",
  })
  refuses("code that runs in production and imports what tests use", "only tests", {
    "server/todos/routes.ts": `import "../testing/app.ts"`,
    "server/testing/app.ts": "",
  })
  refuses("a cycle", "a cycle: server/todos/queries.ts → server/todos/move.ts", {
    "server/todos/queries.ts": `import "./move.ts"`,
    "server/todos/move.ts": `import { type Todo } from "./complete.ts"`,
    "server/todos/complete.ts": `type Row = import("./queries.ts").Row`,
  })
  allows("the way down", {
    "server/main.ts": `import "./app.ts"`,
    "server/app.ts": `import "./todos/routes.ts"`,
    "server/todos/routes.ts": `import "../problems.ts"; import "./queries.ts"`,
    "server/todos/queries.ts": `import type { Sql } from "../database/connect.ts"`,
    "server/todos/routes.test.ts": `import "../testing/app.ts"`,
    "server/testing/app.ts": `import "../app.ts"`,
    "server/problems.ts": "",
    "server/database/connect.ts": "",
    "server/dependencies.ts": `import type { Passwords } from "./accounts/passwords.ts"`,
    "server/accounts/passwords.ts": `import "postgres"`,
  })
})

describe("a feature uses another through its queries, shapes or pure files", () => {
  refuses("its routes", "a feature uses another through", {
    "server/todos/routes.ts": `import { listRoutes } from "../lists/routes.ts"`,
    "server/lists/routes.ts": `import { Elysia } from "elysia"; import "./queries.ts"`,
    "server/lists/queries.ts": `import "postgres"`,
  })
  allows("its queries, its shapes, who is signed in, and what it computes", {
    "server/todos/routes.ts": `import "../lists/queries.ts"; import "../lists/shapes.ts"; import "../sessions/signed-in.ts"; import "../lists/ordering.ts"`,
    "server/lists/queries.ts": `import "postgres"`,
    "server/lists/shapes.ts": `import { t } from "elysia"`,
    "server/lists/ordering.ts": `import { generateKeyBetween } from "fractional-indexing"`,
    "server/sessions/signed-in.ts": `import "postgres"`,
  })
})

describe("pure files reach nothing outside", () => {
  refuses("a file read", "a pure file imports node:fs", {
    "server/todos/recurrence.ts": `import { readFile } from "node:fs"`,
  })
  refuses("a query", "a pure file imports postgres (through ./queries.ts)", {
    "server/lists/ordering.ts": `import { rows } from "./queries.ts"`,
    "server/lists/queries.ts": `import postgres from "postgres"`,
  })
  refuses("a global", "a pure file uses fetch", {
    "server/todos/shapes.ts": "export const now = () => fetch('/now')",
  })
})

describe("the page", () => {
  refuses("a route table imported by a feature", "never upward", {
    "client/src/todos/TodoItem.tsx": `import "../routes.tsx"`,
    "client/src/routes.tsx": "",
  })
  refuses("a feature imported by what features stand on", "never upward", {
    "client/src/sync/store.ts": `import "../todos/TodoItem.tsx"`,
    "client/src/todos/TodoItem.tsx": "",
  })
  refuses("a control that reads the store", "controls know nothing", {
    "client/src/ui/Button.tsx": `import "../sync/store.ts"`,
    "client/src/sync/store.ts": "",
  })
  refuses("a control that knows a domain word", "no word of the domain", {
    "client/src/ui/Row.tsx": "export const TodoRow = () => null",
  })
  refuses("types of the server outside the API client", "only client/src/api/client.ts", {
    "client/src/todos/TodoItem.tsx": `import type { Todo } from "../../../server/todos/shapes.ts"`,
    "server/todos/shapes.ts": "",
  })
  refuses("code of the server in the API client", "not its code", {
    "client/src/api/client.ts": `import { createApp } from "../../../server/app.ts"`,
    "server/app.ts": "",
  })
  refuses("the server importing the page", "the server imports neither", {
    "server/app.ts": `import "../client/src/paths.ts"`,
    "client/src/paths.ts": "",
  })
  allows("the API's type in the API client, and what both sides compute anywhere", {
    "client/src/api/client.ts": `import type { App } from "../../../server/app.ts"`,
    "client/src/todos/drag.ts": `import { between } from "../../../server/lists/position-between.ts"`,
    "server/app.ts": "",
    "server/lists/position-between.ts": "",
  })
})

describe("everywhere", () => {
  refuses("process.env in a feature", "reads the environment", {
    "server/todos/routes.ts": "export const port = process.env.PORT",
  })
  refuses("the environment under another name", "reads the environment", {
    "server/main.ts": `import { env } from "node:process"`,
  })
  refuses("names that say nothing", "says nothing", { "server/todos/todo-helpers.ts": "" })
  refuses("a file that only forwards", "only forwards", {
    "server/todos/all.ts": `export * from "./queries.ts"`,
    "server/todos/queries.ts": "",
  })
  refuses("an index", "an index", { "client/src/ui/index.ts": "export const a = 1" })
  allows("the environment where it is read", {
    "server/config.ts": "export const readConfig = () => process.env",
    "ops/dev.ts": "process.env.PATH",
    "client/src/service-worker.ts": "",
  })
})

function refuses(what: string, because: string, files: Record<string, string>) {
  test(`refuses ${what}`, () => {
    const found = violations(new Map(Object.entries(files)))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(because)
  })
}

function allows(what: string, files: Record<string, string>) {
  test(`allows ${what}`, () => expect(violations(new Map(Object.entries(files)))).toEqual([]))
}
