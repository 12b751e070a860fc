import type { search as english } from "../en/search.ts"
import type { Translation } from "../message.ts"

export const search: Translation<typeof english> = {
  "todos.searchPlaceholder": "Rechercher dans toutes les tâches",
  "todos.searchEmptyTitle": "Que cherchez-vous ?",
  "todos.searchEmptyText": "La recherche porte sur les titres et les notes, tâches terminées comprises.",
  "todos.results": "Résultats",
  "todos.foundCount": { one: "{count} tâche trouvée", other: "{count} tâches trouvées" },
  "todos.noneFoundTitle": "Aucun résultat",
  "todos.noneFoundText": "Essayez moins de lettres, ou un autre mot.",
}
