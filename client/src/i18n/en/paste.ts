export const paste = {
  "todos.pastedLines": { one: "You pasted {count} line.", other: "You pasted {count} lines." },
  "todos.addMany": { one: "Add {count} todo", other: "Add {count} todos" },
  "todos.addAsOne": "Paste as one",
} as const
