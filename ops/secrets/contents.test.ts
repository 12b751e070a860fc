import { expect, test } from "bun:test"
import { Refusal } from "../refusal.ts"
import { checkedContent } from "./contents.ts"

test("a collector's headers are stored as the server reads them, and what it would not start with is refused unsaid", () => {
  const headers = "authorization=Bearer%20abc, x-tenant=7"
  expect(checkedContent("otel-exporter-otlp-headers", `${headers}\n`)).toBe(headers)
  try {
    checkedContent("otel-exporter-otlp-headers", "Bearer hidden")
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal)
    expect((error as Refusal).message).toMatch(
      /^otel-exporter-otlp-headers must be pairs.*Nothing is stored\.$/,
    )
    expect((error as Refusal).message).not.toContain("hidden")
  }
})
