import type { details as english } from "../en/details.ts"
import type { Translation } from "../message.ts"

export const details: Translation<typeof english> = {
  "todos.details": "詳細資料",
  "todos.nextWeek": "下週",
  "todos.listIs": "清單：{list}",
  "todos.notes": "備註",
  "todos.notesPlaceholder": "新增備註",
  "todos.due": "截止日期",
  "todos.noDue": "無截止日期",
  "todos.clearDue": "移除截止日期",
  "todos.otherDay": "其他日期",
  "todos.created": "建立於 {date}",
}
