export const search = {
  "todos.searchPlaceholder": "Search all todos",
  "todos.searchEmptyTitle": "What are you looking for?",
  "todos.searchEmptyText": "Titles and notes are searched, of completed todos too.",
  "todos.results": "Results",
  "todos.foundCount": { one: "{count} todo found", other: "{count} todos found" },
  "todos.noneFoundTitle": "Nothing found",
  "todos.noneFoundText": "Try fewer letters, or another word.",
} as const
