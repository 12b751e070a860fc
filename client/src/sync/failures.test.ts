import { expect, test } from "bun:test"
import { ApiProblem, NetworkFailure } from "../api/problem.ts"
import { failures, forgetFailures, noteFailure, noting } from "./failures.ts"

test("the latest failures are kept, the newest first, the same again as one", () => {
  forgetFailures()
  const offline = new NetworkFailure(new TypeError("Failed to fetch"))
  noteFailure("sync", offline)
  noteFailure("events", offline)
  noteFailure("sync", offline)
  noteFailure("disk", new Error("The quota is used up."))
  noteFailure("sync", new ApiProblem(503, "database-unavailable"))
  expect(failures().map(({ of, what, count }) => [of, what, count])).toEqual([
    ["sync", "503 database-unavailable", 1],
    ["disk", "The quota is used up.", 1],
    ["sync", "No answer came from the server. Failed to fetch", 2],
    ["events", "No answer came from the server. Failed to fetch", 1],
  ])
  forgetFailures()
  expect(failures()).toEqual([])
})

test("they are bounded in number and length", () => {
  for (let n = 0; n < 50; n++) noteFailure("sync", new Error(`${n} ${"x".repeat(1_000)}`))
  expect(failures()).toHaveLength(20)
  expect(failures()[0]?.what).toStartWith("49 ")
  expect(failures()[0]?.what).toHaveLength(200)
  forgetFailures()
})

test("a request that fails is noted and fails; one that was given up is not noted", async () => {
  await expect(noting("sync", Promise.reject(new Error("refused")))).rejects.toThrow("refused")
  await expect(noting("events", Promise.reject(new DOMException("", "AbortError")))).rejects.toThrow()
  expect(failures().map(({ what }) => what)).toEqual(["refused"])
  forgetFailures()
})
