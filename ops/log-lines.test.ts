import { expect, test } from "bun:test"
import { ofAsked } from "./log-lines.ts"

const written = (facts: object) =>
  `2026-01-31T12:00:00.000000000Z docket_server.1.abc@node | ${JSON.stringify({ level: "info", ...facts })}`
const request = written({ requestId: "one", accountId: "ann" })
const failure = written({ requestId: "one", err: { message: "a { in it" } })
const other = written({ requestId: "two", accountId: "ann" })
const plain = "2026-01-31T12:00:00.000000000Z docket_server.1.abc@node | DATABASE_URL is not set: one ann {"
const lines = [request, failure, other, plain]

test("all of them, unless some are asked for", () => {
  expect(ofAsked(lines, { requestId: null, accountId: null })).toEqual(lines)
})

test("those of a request, its failure too, and not what merely mentions it", () => {
  expect(ofAsked(lines, { requestId: "one", accountId: null })).toEqual([request, failure])
})

test("those of an account, and of both", () => {
  expect(ofAsked(lines, { requestId: null, accountId: "ann" })).toEqual([request, other])
  expect(ofAsked(lines, { requestId: "two", accountId: "ann" })).toEqual([other])
  expect(ofAsked(lines, { requestId: "one", accountId: "bob" })).toEqual([])
})
