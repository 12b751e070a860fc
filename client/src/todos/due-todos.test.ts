import { expect, test } from "bun:test"
import { createRoot, createSignal } from "solid-js"
import type { Sync } from "../sync/sync.ts"
import { createDueCount } from "./due-todos.ts"

test("what is due until a day is counted, once all of it was read", () =>
  createRoot((dispose) => {
    const [begun, setBegun] = createSignal(true)
    const [date, setDate] = createSignal("2026-01-02")
    const [dates, setDates] = createSignal(["2026-01-01", "2026-01-02", "2026-01-03"])
    const [second, setSecond] = createSignal(["b", "put-away"])
    const due: Record<string, () => string[]> = {
      "2026-01-01": () => ["a"],
      "2026-01-02": second,
      "2026-01-03": () => ["d", "e"],
    }
    const count = createDueCount(
      {
        begun,
        dueDates: dates,
        dueOn: (day: string) => due[day]!(),
        todo: (id: string) => ({ listId: id === "put-away" ? "archived" : "list" }),
        list: (id: string) => ({ archivedAt: id === "archived" ? "2025-12-31" : null, trashedAt: null }),
      } as unknown as Sync,
      date,
    )
    expect(count()).toBe(0)
    setBegun(false)
    expect(count()).toBe(2)
    setSecond(["b", "c"])
    expect(count()).toBe(3)
    setDate("2026-01-03")
    expect(count()).toBe(5)
    setDates(["2026-01-02", "2026-01-03"])
    expect(count()).toBe(4)
    dispose()
  }))
