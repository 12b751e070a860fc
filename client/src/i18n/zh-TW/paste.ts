import type { paste as english } from "../en/paste.ts"
import type { Translation } from "../message.ts"

export const paste: Translation<typeof english> = {
  "todos.pastedLines": { other: "你貼上了 {count} 行。" },
  "todos.addMany": { other: "新增 {count} 個待辦" },
  "todos.addAsOne": "合併為一個",
}
