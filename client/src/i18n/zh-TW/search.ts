import type { search as english } from "../en/search.ts"
import type { Translation } from "../message.ts"

export const search: Translation<typeof english> = {
  "todos.searchPlaceholder": "搜尋所有待辦",
  "todos.searchEmptyTitle": "想找什麼？",
  "todos.searchEmptyText": "會搜尋標題和備註，包括已完成的待辦。",
  "todos.results": "結果",
  "todos.foundCount": { other: "找到 {count} 個待辦" },
  "todos.noneFoundTitle": "沒有找到",
  "todos.noneFoundText": "試試更少的字，或換一個詞。",
}
