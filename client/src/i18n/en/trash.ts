export const trash = {
  "lists.restored": "“{list}” is restored.",
  "todos.todos": "Todos",
  "todos.trashNote": "What you delete stays here for 30 days.",
  "todos.trashEmptyTitle": "The trash is empty",
  "todos.trashEmptyText": "Deleted todos and lists can be restored from here.",
  "todos.restoreTitle": "Restore “{title}”",
  "todos.restored": "Todo restored.",
} as const
