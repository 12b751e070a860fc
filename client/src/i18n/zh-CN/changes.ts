import type { changes as english } from "../en/changes.ts"
import type { Translation } from "../message.ts"

export const changes: Translation<typeof english> = {
  "change.add": "添加“{title}”",
  "change.addList": "新建列表“{title}”",
  "change.rename": "重命名为“{title}”",
  "change.notes": "更改“{title}”的备注",
  "change.due": "更改“{title}”的截止日期",
  "change.priority": "更改“{title}”的优先级",
  "change.complete": "完成“{title}”",
  "change.reopen": "重新打开“{title}”",
  "change.delete": "删除“{title}”",
  "change.restore": "恢复“{title}”",
  "change.toList": "将“{title}”移至“{list}”",
  "change.place": "移动“{title}”的位置",
  "change.archive": "归档“{title}”",
  "change.unarchive": "取消归档“{title}”",
  "change.colour": "更改“{title}”的颜色",
  "change.profile": "更改个人资料",
  "change.other": "更改“{title}”",
}
