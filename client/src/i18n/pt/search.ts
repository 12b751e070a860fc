import type { search as english } from "../en/search.ts"
import type { Translation } from "../message.ts"

export const search: Translation<typeof english> = {
  "todos.searchPlaceholder": "Buscar em todas as tarefas",
  "todos.searchEmptyTitle": "O que você procura?",
  "todos.searchEmptyText": "A busca inclui títulos e notas, também das tarefas concluídas.",
  "todos.results": "Resultados",
  "todos.foundCount": { one: "{count} tarefa encontrada", other: "{count} tarefas encontradas" },
  "todos.noneFoundTitle": "Nada encontrado",
  "todos.noneFoundText": "Tente menos letras ou outra palavra.",
}
