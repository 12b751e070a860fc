import { expect, test } from "bun:test"
import { parseMap, readMap } from "./map.ts"

const maps = `${import.meta.dir}/maps`

test("the maps that are shipped can be read", async () => {
  for (const name of ["organisations", "django"]) {
    const map = await readMap(`${maps}/${name}.toml`)
    expect(map.sections.users.fields.email).toEqual({ column: "email" })
  }
})

test("every fault is named, at once", () => {
  const text = `
    sorce = "x"
    [users]
    table = "users"
    key = "id"
    emial = "email"
    created_at = { column = "made", unit = "minutes" }
    [members]
    table = "members"
    user = "user_id"
    list = "org_id"
    [todos]
    table = "tasks"
    key = "id"
    title = 7
    [cures]
    length = "pray"
    orphan = "replace"`
  const faults = faultsOf(text)
  expect(faults).toContain("source is missing")
  expect(faults).toContain("sorce means nothing here. Did you mean source?")
  expect(faults).toContain("users.email is missing")
  expect(faults).toContain("users.emial means nothing here. Did you mean email?")
  expect(faults).toContain("users.created_at must be a column")
  expect(faults).toContain("todos.title must be a column")
  expect(faults).toContain('cures.length must be "truncate" or "skip"')
  expect(faults).toContain('cures.orphan must be "skip"')
  expect(faults).toContain("todos needs user or list")
  expect(faults).toContain("[members] needs a section [lists]")
})

test("what is no TOML, and what is not there", async () => {
  expect(() => parseMap("[users", "tasks.toml")).toThrow("tasks.toml is not TOML")
  await expect(readMap("/nowhere/tasks.toml")).rejects.toThrow("There is no map /nowhere/tasks.toml.")
})

function faultsOf(text: string): string {
  try {
    parseMap(text, "tasks.toml")
    return ""
  } catch (error) {
    return (error as Error).message
  }
}
