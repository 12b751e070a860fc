import type { shortcuts as english } from "../en/shortcuts.ts"
import type { Translation } from "../message.ts"

export const shortcuts: Translation<typeof english> = {
  "shortcuts.anywhere": "任何位置",
  "shortcuts.add": "新增待辦",
  "shortcuts.search": "搜尋",
  "shortcuts.undo": "復原",
  "shortcuts.inbox": "前往收件匣",
  "shortcuts.today": "前往今天",
  "shortcuts.upcoming": "前往即將到來",
  "shortcuts.this": "顯示這些快速鍵",
  "shortcuts.onTodo": "選取待辦時",
  "shortcuts.step": "下一個或上一個",
  "shortcuts.complete": "完成",
  "shortcuts.rename": "編輯標題",
  "shortcuts.details": "開啟詳細資料",
  "shortcuts.move": "上移或下移",
  "shortcuts.delete": "刪除",
  "shortcuts.space": "空白鍵",
  "shortcuts.singleKeys": "啟用單鍵快速鍵",
}
