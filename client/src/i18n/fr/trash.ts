import type { trash as english } from "../en/trash.ts"
import type { Translation } from "../message.ts"

export const trash: Translation<typeof english> = {
  "lists.restored": "« {list} » est restaurée.",
  "todos.todos": "Tâches",
  "todos.trashNote": "Ce que vous supprimez reste ici 30 jours.",
  "todos.trashEmptyTitle": "La corbeille est vide",
  "todos.trashEmptyText": "Les tâches et listes supprimées se restaurent d’ici.",
  "todos.restoreTitle": "Restaurer « {title} »",
  "todos.restored": "Tâche restaurée.",
}
