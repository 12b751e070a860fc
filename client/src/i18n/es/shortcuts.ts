import type { shortcuts as english } from "../en/shortcuts.ts"
import type { Translation } from "../message.ts"

export const shortcuts: Translation<typeof english> = {
  "shortcuts.anywhere": "En cualquier lugar",
  "shortcuts.add": "Añadir una tarea",
  "shortcuts.search": "Buscar",
  "shortcuts.undo": "Deshacer",
  "shortcuts.inbox": "Ir a la bandeja de entrada",
  "shortcuts.today": "Ir a Hoy",
  "shortcuts.upcoming": "Ir a Próximas",
  "shortcuts.this": "Mostrar estos atajos",
  "shortcuts.onTodo": "En una tarea",
  "shortcuts.step": "Siguiente o anterior",
  "shortcuts.complete": "Completar",
  "shortcuts.rename": "Editar el título",
  "shortcuts.details": "Abrir los detalles",
  "shortcuts.move": "Subir o bajar",
  "shortcuts.delete": "Eliminar",
  "shortcuts.space": "Espacio",
  "shortcuts.singleKeys": "Usar atajos de una sola tecla",
}
