import type { changes as english } from "../en/changes.ts"
import type { Translation } from "../message.ts"

export const changes: Translation<typeof english> = {
  "change.add": "Añadir «{title}»",
  "change.addList": "Crear la lista «{title}»",
  "change.rename": "Cambiar el nombre a «{title}»",
  "change.notes": "Cambiar las notas de «{title}»",
  "change.due": "Cambiar la fecha de «{title}»",
  "change.priority": "Cambiar la prioridad de «{title}»",
  "change.complete": "Completar «{title}»",
  "change.reopen": "Reabrir «{title}»",
  "change.delete": "Eliminar «{title}»",
  "change.restore": "Restaurar «{title}»",
  "change.toList": "Mover «{title}» a «{list}»",
  "change.place": "Mover «{title}» a otro lugar",
  "change.archive": "Archivar «{title}»",
  "change.unarchive": "Sacar «{title}» del archivo",
  "change.colour": "Cambiar el color de «{title}»",
  "change.profile": "Cambiar tu perfil",
  "change.other": "Cambiar «{title}»",
}
