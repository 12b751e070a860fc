import type { paste as english } from "../en/paste.ts"
import type { Translation } from "../message.ts"

export const paste: Translation<typeof english> = {
  "todos.pastedLines": { one: "Você colou {count} linha.", other: "Você colou {count} linhas." },
  "todos.addMany": { one: "Adicionar {count} tarefa", other: "Adicionar {count} tarefas" },
  "todos.addAsOne": "Colar como uma só",
}
