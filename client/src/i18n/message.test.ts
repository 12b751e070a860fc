import { describe, expect, test } from "bun:test"
import { bestLanguage } from "./languages.ts"
import { format } from "./message.ts"

describe("format", () => {
  test("fills in what is between braces and leaves what is not given", () => {
    expect(format("en", "From {name} to {other}", { name: "{other}" })).toBe("From {other} to {other}")
  })

  test("writes numbers as the language does", () => {
    expect(format("fr", "{count} fois", { count: 12345 })).toBe("12\u202f345 fois")
  })

  test("chooses the plural by the language's own rules", () => {
    const plural = { one: "{count} todo", other: "{count} todos" }
    expect(format("en", plural, { count: 0 })).toBe("0 todos")
    expect(format("en", plural, { count: 1 })).toBe("1 todo")
    expect(format("fr", { one: "{count} tâche", other: "{count} tâches" }, { count: 0 })).toBe("0 tâche")
    expect(format("zh-CN", { other: "{count} 项" }, { count: 1 })).toBe("1 项")
  })
})

describe("bestLanguage", () => {
  test.each([
    [["de", "pt-BR", "en"], "pt"],
    [["zh-HK"], "zh-TW"],
    [["zh-Hant-US"], "zh-TW"],
    [["zh"], "zh-CN"],
    [["zh-SG"], "zh-CN"],
    [["fr-CA"], "fr"],
    [["not a tag", "es-419"], "es"],
    [["de", "ja"], "en"],
    [[], "en"],
  ])("%p reads %s", (wanted, language) => {
    expect(bestLanguage(wanted)).toBe(language as "en")
  })
})
