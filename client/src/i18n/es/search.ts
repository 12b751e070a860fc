import type { search as english } from "../en/search.ts"
import type { Translation } from "../message.ts"

export const search: Translation<typeof english> = {
  "todos.searchPlaceholder": "Buscar en todas las tareas",
  "todos.searchEmptyTitle": "¿Qué buscas?",
  "todos.searchEmptyText": "Se busca en títulos y notas, también de las tareas completadas.",
  "todos.results": "Resultados",
  "todos.foundCount": { one: "{count} tarea encontrada", other: "{count} tareas encontradas" },
  "todos.noneFoundTitle": "No se encontró nada",
  "todos.noneFoundText": "Prueba con menos letras o con otra palabra.",
}
