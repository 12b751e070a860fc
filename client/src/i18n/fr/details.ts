import type { details as english } from "../en/details.ts"
import type { Translation } from "../message.ts"

export const details: Translation<typeof english> = {
  "todos.details": "Détails",
  "todos.nextWeek": "La semaine prochaine",
  "todos.listIs": "Liste : {list}",
  "todos.notes": "Notes",
  "todos.notesPlaceholder": "Ajouter des notes",
  "todos.due": "Échéance",
  "todos.noDue": "Sans échéance",
  "todos.clearDue": "Retirer l’échéance",
  "todos.otherDay": "Un autre jour",
  "todos.created": "Créée le {date}",
}
