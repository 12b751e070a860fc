import type { details as english } from "../en/details.ts"
import type { Translation } from "../message.ts"

export const details: Translation<typeof english> = {
  "todos.details": "Detalhes",
  "todos.nextWeek": "Próxima semana",
  "todos.listIs": "Lista: {list}",
  "todos.notes": "Notas",
  "todos.notesPlaceholder": "Adicionar notas",
  "todos.due": "Prazo",
  "todos.noDue": "Sem prazo",
  "todos.clearDue": "Remover o prazo",
  "todos.otherDay": "Outro dia",
  "todos.created": "Criada em {date}",
}
