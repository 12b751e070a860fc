import type { trash as english } from "../en/trash.ts"
import type { Translation } from "../message.ts"

export const trash: Translation<typeof english> = {
  "lists.restored": "“{list}” foi restaurada.",
  "todos.todos": "Tarefas",
  "todos.trashNote": "O que você exclui fica aqui por 30 dias.",
  "todos.trashEmptyTitle": "A lixeira está vazia",
  "todos.trashEmptyText": "Daqui se restauram as tarefas e listas excluídas.",
  "todos.restoreTitle": "Restaurar “{title}”",
  "todos.restored": "Tarefa restaurada.",
}
