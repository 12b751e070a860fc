import { expect, test } from "bun:test"
import { Value } from "@sinclair/typebox/value"
import { Elysia, t } from "elysia"
import { choice, isCalendarDate, text } from "./input-types.ts"

test("text is counted in characters, composed", () => {
  const title = text({ minLength: 1, maxLength: 5 })
  for (const good of ["a", "abcde", "😀😀😀😀😀", "e\u0301".repeat(5), " a "])
    expect(Value.Check(title, good)).toBe(true)
  for (const bad of [
    "",
    " ",
    "\u3000\n",
    "\u200b\u0007",
    "abcdef",
    "😀😀😀😀😀😀",
    "x".repeat(1e6),
    5,
    null,
    undefined,
  ]) {
    expect(Value.Check(title, bad)).toBe(false)
  }
  // Composition decomposes this one: one character is sent, two are kept.
  expect(Value.Check(text({ maxLength: 5 }), "\u0958".repeat(3))).toBe(false)
  expect(Value.Check(text({ maxLength: 5 }), "")).toBe(true)
})

test("a member that was not sent is not filled in", async () => {
  const app = new Elysia({ normalize: false }).patch("/", ({ body }) => body, {
    body: t.Partial(t.Object({ title: t.String(), priority: choice(["none", "high"]) })),
  })
  const answer = await app.handle(
    new Request("http://localhost/", {
      method: "PATCH",
      body: '{"title":"a"}',
      headers: { "Content-Type": "application/json" },
    }),
  )
  expect(await answer.json()).toEqual({ title: "a" })
})

test("a date is a day that the calendar has", () => {
  for (const day of ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
    expect(isCalendarDate(day)).toBe(true)
  for (const none of [
    "2026-02-29",
    "1900-02-29",
    "2026-02-31",
    "2026-13-01",
    "2026-00-10",
    "2026-01-00",
    "0000-01-01",
  ]) {
    expect(isCalendarDate(none)).toBe(false)
  }
  for (const other of [
    "2026-1-1",
    "2026-01-01T00:00:00Z",
    "+02026-01-01",
    "01/02/2026",
    " 2026-01-01",
    "２０２６-01-01",
  ]) {
    expect(isCalendarDate(other)).toBe(false)
  }
})
