import type { changes as english } from "../en/changes.ts"
import type { Translation } from "../message.ts"

export const changes: Translation<typeof english> = {
  "change.add": "新增「{title}」",
  "change.addList": "新增清單「{title}」",
  "change.rename": "重新命名為「{title}」",
  "change.notes": "變更「{title}」的備註",
  "change.due": "變更「{title}」的到期日",
  "change.priority": "變更「{title}」的優先順序",
  "change.complete": "完成「{title}」",
  "change.reopen": "重新開啟「{title}」",
  "change.delete": "刪除「{title}」",
  "change.restore": "還原「{title}」",
  "change.toList": "將「{title}」移至「{list}」",
  "change.place": "移動「{title}」的位置",
  "change.archive": "封存「{title}」",
  "change.unarchive": "取消封存「{title}」",
  "change.colour": "變更「{title}」的顏色",
  "change.profile": "變更個人資料",
  "change.other": "變更「{title}」",
}
