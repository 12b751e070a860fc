import type { details as english } from "../en/details.ts"
import type { Translation } from "../message.ts"

export const details: Translation<typeof english> = {
  "todos.details": "详情",
  "todos.nextWeek": "下周",
  "todos.listIs": "清单：{list}",
  "todos.notes": "备注",
  "todos.notesPlaceholder": "添加备注",
  "todos.due": "截止日期",
  "todos.noDue": "无截止日期",
  "todos.clearDue": "移除截止日期",
  "todos.otherDay": "其他日期",
  "todos.created": "创建于 {date}",
}
