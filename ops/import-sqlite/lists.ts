import { positionBetween } from "../../server/lists/position-between.ts"
import { LISTS_MAXIMUM } from "../../server/lists/queries.ts"
import { readChoice, readInstant, readText } from "./cells.ts"
import { type Directory, type ImportedList, type Member, type Role, UNKNOWN_MOMENT } from "./directory.ts"
import type { Findings } from "./findings.ts"
import { fromOf, type SourceRow } from "./rows.ts"
import type { TargetRow } from "./target.ts"

const NAME_CHARACTERS = 100
const ROLES: Role[] = ["viewer", "editor", "owner"]

/** Takes in a list, or an organisation that becomes one, with its owner where the row names one. */
export function readList(row: SourceRow, findings: Findings, directory: Directory) {
  const key = row.key("key")
  if (key === null || directory.lists.has(key)) findings.fault("key", row.cell("key")!)
  const name = readText(row.cell("name"), findings, { most: NAME_CHARACTERS, lines: "one", instead: "List" })
  const updatedAt = readInstant(row.cell("updated_at"), findings, directory.latest)
  const created =
    readInstant(row.cell("created_at"), findings, directory.latest) ?? updatedAt ?? UNKNOWN_MOMENT
  const owner = row.cell("owner")
  const person = directory.people.get(row.key("owner") ?? "")
  if (owner && owner.value !== null && !person) findings.fault("owner", owner)
  const { table, row: number, column } = row.cell("key")!
  const place = { table, row: number, column }
  const list = directory.addList(key!, { name: name!, updated: updatedAt ?? created, place }, created)
  if (person) list.members.set(person.accountId, { person, role: "owner", created: null, isListed: false })
}

/** Takes in that someone is a member of a list. */
export function readMember(row: SourceRow, findings: Findings, directory: Directory) {
  const person = directory.people.get(row.key("user") ?? "")
  const list = directory.lists.get(row.key("list") ?? "")
  // Someone who belongs to no organisation, in a users' table that says so, is nothing that is lost.
  if (row.key("list") === null) return
  if (!person) return findings.leaveOut("orphan", row.cell("user")!)
  if (!list) return findings.leaveOut("orphan", row.cell("list")!)
  const role = readChoice(row.cell("role"), findings, isRole, "editor")
  const created = readInstant(row.cell("created_at"), findings, directory.latest)
  const known = list.members.get(person.accountId)
  if (known?.isListed) findings.fault("duplicate", row.cell("user")!)
  const stronger = known && ROLES.indexOf(known.role) > ROLES.indexOf(role) ? known.role : role
  list.members.set(person.accountId, { person, role: stronger, created, isListed: true })
}

const isRole = (text: string): text is Role => (ROLES as string[]).includes(text)

/** The list and its memberships, each after the lists that the member has already. Throws if it is to be left out. */
export function writeList(list: ImportedList, findings: Findings): TargetRow[] {
  const { space, name, updated, place } = list
  const members = [...list.members.values()]
  if (members.length === 0) findings.leaveOut("orphan", place)
  if (members.some(({ person }) => person.lists >= LISTS_MAXIMUM)) findings.leaveOut("too-many", place)
  if (!members.some(({ role }) => role === "owner")) {
    findings.fault("owner", place)
    strongest(members).role = "owner"
  }
  const from = fromOf(place)
  const rows: TargetRow[] = [
    { table: "lists", values: [space.id, name, "false", "\\x", "1", space.created, updated], from },
  ]
  for (const { person, role, created } of members) {
    person.lists += 1
    person.lastPosition = positionBetween(person.lastPosition, null)
    rows.push({
      table: "memberships",
      values: [space.id, person.accountId, role, person.lastPosition, "1", created ?? space.created],
      from,
    })
  }
  return rows
}

/** The first of those with the strongest role. */
const strongest = (members: Member[]) =>
  members.toSorted((one, other) => ROLES.indexOf(other.role) - ROLES.indexOf(one.role))[0]!
