import type { search as english } from "../en/search.ts"
import type { Translation } from "../message.ts"

export const search: Translation<typeof english> = {
  "todos.searchPlaceholder": "搜索全部待办",
  "todos.searchEmptyTitle": "想找什么？",
  "todos.searchEmptyText": "会搜索标题和备注，包括已完成的待办。",
  "todos.results": "结果",
  "todos.foundCount": { other: "找到 {count} 个待办" },
  "todos.noneFoundTitle": "没有找到",
  "todos.noneFoundText": "试试更少的字，或换一个词。",
}
