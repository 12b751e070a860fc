import type { trash as english } from "../en/trash.ts"
import type { Translation } from "../message.ts"

export const trash: Translation<typeof english> = {
  "lists.restored": "「{list}」已還原。",
  "todos.todos": "待辦",
  "todos.trashNote": "刪除的內容會在這裡保留 30 天。",
  "todos.trashEmptyTitle": "垃圾桶是空的",
  "todos.trashEmptyText": "可以在這裡還原已刪除的待辦和清單。",
  "todos.restoreTitle": "還原「{title}」",
  "todos.restored": "待辦已還原。",
}
