import type { shortcuts as english } from "../en/shortcuts.ts"
import type { Translation } from "../message.ts"

export const shortcuts: Translation<typeof english> = {
  "shortcuts.anywhere": "任何位置",
  "shortcuts.add": "添加待办",
  "shortcuts.search": "搜索",
  "shortcuts.undo": "撤销",
  "shortcuts.inbox": "前往收件箱",
  "shortcuts.today": "前往今天",
  "shortcuts.upcoming": "前往即将到来",
  "shortcuts.this": "显示这些快捷键",
  "shortcuts.onTodo": "选中待办时",
  "shortcuts.step": "下一个或上一个",
  "shortcuts.complete": "完成",
  "shortcuts.rename": "编辑标题",
  "shortcuts.details": "打开详情",
  "shortcuts.move": "上移或下移",
  "shortcuts.delete": "删除",
  "shortcuts.space": "空格",
  "shortcuts.singleKeys": "启用单键快捷键",
}
