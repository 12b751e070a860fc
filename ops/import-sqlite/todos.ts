import { positionBetween } from "../../server/lists/position-between.ts"
import { TODOS_MAXIMUM } from "../../server/todos/queries.ts"
import { PRIORITIES } from "../../server/todos/shapes.ts"
import { readBoolean, readChoice, readDay, readInstant, readText } from "./cells.ts"
import { type Directory, type ListSpace, UNKNOWN_MOMENT } from "./directory.ts"
import type { Findings } from "./findings.ts"
import { derivedId } from "./ids.ts"
import type { SourceRow } from "./rows.ts"
import type { TargetRow } from "./target.ts"

const TRASH_DAYS = 30
const CHARACTERS = { title: 500, notes: 20_000 }

/** A todo at the end of its list, or of the Inbox of whose it is, with the list's next rev. */
export function readTodo(row: SourceRow, findings: Findings, directory: Directory): TargetRow {
  const cell = row.cell
  const key = row.key("key")
  if (key === null) findings.fault("key", cell("key")!)
  if (directory.repeated.get(key!)) findings.fault("key", cell("key")!)
  const space = spaceOf(row, findings, directory)
  if (space.size >= TODOS_MAXIMUM) findings.leaveOut("too-many", cell("list") ?? cell("user")!)
  const { latest, source } = directory
  const title = readText(cell("title"), findings, {
    most: CHARACTERS.title,
    lines: "one",
    instead: "Untitled",
  })
  const notes = readText(cell("notes"), findings, { most: CHARACTERS.notes, lines: "many" }) ?? ""
  const priority = readChoice(cell("priority"), findings, isPriority, "none")
  const due = readDay(cell("due_date"), findings)
  const completedAt = readInstant(cell("completed_at"), findings, latest)
  const trashed = readInstant(cell("trashed_at"), findings, latest)
  const updatedAt = readInstant(cell("updated_at"), findings, latest)
  const created =
    readInstant(cell("created_at"), findings, latest) ?? updatedAt ?? completedAt ?? UNKNOWN_MOMENT
  const updated = updatedAt ?? created
  const isCompleted = cell("completed") ? readBoolean(cell("completed"), findings) : completedAt !== null
  if (!isCompleted && completedAt !== null)
    findings.loss("moment of completion of an open todo", cell("completed_at")!)
  const completed = isCompleted ? (completedAt ?? updated) : null
  if (trashed !== null && Date.parse(trashed) < latest - TRASH_DAYS * 86_400_000)
    findings.loss(
      "todos that are in the trash for longer than 30 days, and will be purged",
      cell("trashed_at")!,
    )
  if (directory.repeated.has(key!)) directory.repeated.set(key!, true)
  space.size += 1
  space.last = positionBetween(space.last, null)
  // The list itself has rev 1.
  const rev = String(space.size + 1)
  const id = derivedId(source, "todo", key!)
  return {
    table: "todos",
    values: [
      id,
      space.id,
      title,
      notes,
      priority,
      due,
      space.last,
      completed,
      trashed,
      "\\x",
      rev,
      created,
      updated,
    ],
    from: row.from,
  }
}

/** The list that the row names; without one, the Inbox of the person. */
function spaceOf(row: SourceRow, findings: Findings, directory: Directory): ListSpace {
  const [list, user] = [row.key("list"), row.key("user")]
  if (list !== null) return directory.lists.get(list)?.space ?? findings.leaveOut("orphan", row.cell("list")!)
  const cell = row.cell("user") ?? row.cell("list")!
  return directory.people.get(user ?? "")?.inbox ?? findings.leaveOut("orphan", cell)
}

const isPriority = (text: string): text is (typeof PRIORITIES)[number] =>
  (PRIORITIES as readonly string[]).includes(text)
