import { t } from "../i18n/translate.ts"
import type { Op } from "../sync/rows.ts"
import type { Sync } from "../sync/sync.ts"

/** What a waiting change does, in words. Its row is named as it is seen now; one that is gone by an ellipsis. */
export function changeText(sync: Pick<Sync, "list" | "todo">, op: Op): string {
  if (op.entity === "profile") return t("change.profile")
  return op.entity === "todo" ? todoText(sync, op) : listText(sync, op)
}

function todoText(
  sync: Pick<Sync, "list" | "todo">,
  { key, fields, creates }: Extract<Op, { entity: "todo" }>,
) {
  const title = fields.title ?? sync.todo(key)?.title ?? "…"
  if (creates) return t("change.add", { title })
  if (fields.trashedAt !== undefined)
    return t(fields.trashedAt ? "change.delete" : "change.restore", { title })
  if (fields.completedAt !== undefined)
    return t(fields.completedAt ? "change.complete" : "change.reopen", { title })
  if (fields.listId !== undefined)
    return t("change.toList", { title, list: sync.list(fields.listId)?.name || t("lists.inbox") })
  if (fields.title !== undefined) return t("change.rename", { title })
  if (fields.notes !== undefined) return t("change.notes", { title })
  if (fields.dueDate !== undefined) return t("change.due", { title })
  if (fields.priority !== undefined) return t("change.priority", { title })
  return t(fields.position === undefined ? "change.other" : "change.place", { title })
}

function listText(sync: Pick<Sync, "list">, { key, fields, creates }: Extract<Op, { entity: "list" }>) {
  const title = fields.name ?? sync.list(key)?.name ?? "…"
  if (creates) return t("change.addList", { title })
  if (fields.trashedAt !== undefined)
    return t(fields.trashedAt ? "change.delete" : "change.restore", { title })
  if (fields.archivedAt !== undefined)
    return t(fields.archivedAt ? "change.archive" : "change.unarchive", { title })
  if (fields.name !== undefined) return t("change.rename", { title })
  if (fields.colour !== undefined) return t("change.colour", { title })
  return t(fields.position === undefined ? "change.other" : "change.place", { title })
}
