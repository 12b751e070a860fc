import type { details as english } from "../en/details.ts"
import type { Translation } from "../message.ts"

export const details: Translation<typeof english> = {
  "todos.details": "Detalles",
  "todos.nextWeek": "La próxima semana",
  "todos.listIs": "Lista: {list}",
  "todos.notes": "Notas",
  "todos.notesPlaceholder": "Añadir notas",
  "todos.due": "Vence",
  "todos.noDue": "Sin fecha",
  "todos.clearDue": "Quitar la fecha",
  "todos.otherDay": "Otro día",
  "todos.created": "Creada el {date}",
}
