import { type Static, type TObject, Type as t } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { editDistance } from "../../server/misspelt.ts"
import { Refusal } from "../refusal.ts"
import { CURES } from "./findings.ts"

const exactly = { additionalProperties: false }
const name = t.String({ minLength: 1, description: "the name of a table or a column" })

/** Where a value comes from: a column by its name, or one with more to say of it, or the same value for every row. */
const field = t.Union(
  [
    name,
    t.Object(
      {
        column: name,
        values: t.Optional(t.Record(t.String(), t.String())),
        unit: t.Optional(
          t.Union([t.Literal("seconds"), t.Literal("milliseconds"), t.Literal("microseconds")]),
        ),
      },
      exactly,
    ),
    t.Object({ value: t.Union([t.String(), t.Boolean(), t.Number()]) }, exactly),
  ],
  {
    description:
      'a column, or { column = "…", values = { theirs = "ours" } }, { column = "…", unit = "seconds" } or { value = "…" }',
  },
)
export type Field = Exclude<Static<typeof field>, string>

const optional = t.Optional(field)
const section = <Fields extends Record<string, typeof field | typeof optional>>(fields: Fields) =>
  t.Object({ table: name, ...fields }, exactly)

/** What of a section may be mapped, and must be where it is not optional. */
export const mapShape = t.Object(
  {
    source: t.String({
      minLength: 1,
      maxLength: 200,
      description: "a name for the application, which the ids of what is imported are made from",
    }),
    users: section({
      key: field,
      email: field,
      name: optional,
      password: optional,
      language: optional,
      time_zone: optional,
      verified: optional,
      created_at: optional,
      updated_at: optional,
    }),
    lists: t.Optional(
      section({ key: field, name: field, owner: optional, created_at: optional, updated_at: optional }),
    ),
    members: t.Optional(section({ user: field, list: field, role: optional, created_at: optional })),
    todos: section({
      key: field,
      title: field,
      user: optional,
      list: optional,
      notes: optional,
      priority: optional,
      due_date: optional,
      completed: optional,
      completed_at: optional,
      trashed_at: optional,
      position: optional,
      created_at: optional,
      updated_at: optional,
    }),
    cures: t.Optional(
      t.Partial(
        t.Object(
          Object.fromEntries(
            Object.entries(CURES).map(([kind, cures]) => [
              kind,
              t.Union(
                cures.map((cure) => t.Literal(cure)),
                { description: cures.map((cure) => `"${cure}"`).join(" or ") },
              ),
            ]),
          ),
          exactly,
        ),
      ),
    ),
  },
  exactly,
)

export type SectionName = "users" | "lists" | "members" | "todos"
export const SECTIONS: SectionName[] = ["users", "lists", "members", "todos"]
export type Section = { table: string; fields: Record<string, Field> }
export type ImportMap = {
  source: string
  sections: { users: Section; todos: Section; lists?: Section; members?: Section }
  cures: Record<string, string>
}

/** Reads the map at `path`. Refuses (2) with every fault at once. */
export async function readMap(path: string): Promise<ImportMap> {
  const file = Bun.file(path)
  if (!(await file.exists())) throw new Refusal(2, `There is no map ${path}.`)
  return parseMap(await file.text(), path)
}

/** The text of a map as what it means. */
export function parseMap(text: string, path: string): ImportMap {
  const given = parseToml(text, path)
  const faults = [...shapeFaults(given), ...senseFaults(given)]
  if (faults.length > 0)
    throw new Refusal(2, [`${path} can't be used:`, ...faults.map((fault) => `  - ${fault}`)].join("\n"), {
      faults,
    })
  const { source, cures = {} } = given as { source: string; cures?: Record<string, string> }
  const sections = Object.fromEntries(
    SECTIONS.filter((name) => given[name]).map((name) => [name, sectionOf(given[name] as GivenSection)]),
  )
  return { source, cures, sections: sections as ImportMap["sections"] }
}

function parseToml(text: string, path: string): Record<string, unknown> {
  try {
    return Bun.TOML.parse(text) as Record<string, unknown>
  } catch (error) {
    throw new Refusal(2, `${path} is not TOML: ${error instanceof Error ? error.message : error}`)
  }
}

/** One sentence for each place, however many ways it is wrong. */
function shapeFaults(given: Record<string, unknown>): string[] {
  const faults = new Map<string, string>()
  for (const { path, schema, message } of Value.Errors(mapShape, given)) {
    const place = path.slice(1).replaceAll("/", ".")
    if (faults.has(place)) continue
    if (message === "Unexpected property")
      faults.set(place, `${place} means nothing here.${meant(place, given)}`)
    else if (message === "Expected required property")
      faults.set(place, `${place} is missing: ${schema.description ?? "a section"}.`)
    else faults.set(place, `${place} must be ${schema.description ?? `a ${schema.type}`}.`)
  }
  return [...faults.values()]
}

function meant(place: string, given: Record<string, unknown>): string {
  const parts = place.split(".")
  const last = parts.pop()!
  let shape = mapShape as TObject
  for (const part of parts) shape = (shape.properties[part] ?? { properties: {} }) as TObject
  const guess = Object.keys(shape.properties ?? {}).find(
    (known) => !(known in given) && editDistance(last, known) <= 2,
  )
  return guess ? ` Did you mean ${guess}?` : ""
}

/** What shapes cannot say. */
function senseFaults({ todos, lists, members }: Record<string, unknown>): string[] {
  const faults: string[] = []
  const has = (section: unknown, field: string) =>
    typeof section === "object" && section !== null && field in section
  if (todos && !has(todos, "user") && !has(todos, "list"))
    faults.push("todos needs user or list: whose a todo is, or in which list.")
  if (has(todos, "list") && !lists) faults.push("todos.list needs a section [lists].")
  if (members && !lists) faults.push("[members] needs a section [lists].")
  if (lists && !members && !has(lists, "owner"))
    faults.push("lists needs owner, or a section [members]: whose a list is.")
  return faults
}

type GivenSection = { table: string } & Record<string, string | Field>

function sectionOf({ table, ...given }: GivenSection): Section {
  const fields = Object.entries(given).map(([name, field]) => [
    name,
    typeof field === "string" ? { column: field } : field,
  ])
  return { table, fields: Object.fromEntries(fields) }
}
