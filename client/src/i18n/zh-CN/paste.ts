import type { paste as english } from "../en/paste.ts"
import type { Translation } from "../message.ts"

export const paste: Translation<typeof english> = {
  "todos.pastedLines": { other: "你粘贴了 {count} 行。" },
  "todos.addMany": { other: "添加 {count} 个待办" },
  "todos.addAsOne": "合并为一个",
}
