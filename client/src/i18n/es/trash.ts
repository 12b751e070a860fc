import type { trash as english } from "../en/trash.ts"
import type { Translation } from "../message.ts"

export const trash: Translation<typeof english> = {
  "lists.restored": "«{list}» se ha restaurado.",
  "todos.todos": "Tareas",
  "todos.trashNote": "Lo que eliminas se queda aquí 30 días.",
  "todos.trashEmptyTitle": "La papelera está vacía",
  "todos.trashEmptyText": "Desde aquí se restauran las tareas y listas eliminadas.",
  "todos.restoreTitle": "Restaurar «{title}»",
  "todos.restored": "Tarea restaurada.",
}
