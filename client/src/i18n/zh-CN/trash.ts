import type { trash as english } from "../en/trash.ts"
import type { Translation } from "../message.ts"

export const trash: Translation<typeof english> = {
  "lists.restored": "“{list}”已恢复。",
  "todos.todos": "待办",
  "todos.trashNote": "删除的内容会在这里保留 30 天。",
  "todos.trashEmptyTitle": "废纸篓是空的",
  "todos.trashEmptyText": "可以在这里恢复已删除的待办和清单。",
  "todos.restoreTitle": "恢复“{title}”",
  "todos.restored": "待办已恢复。",
}
