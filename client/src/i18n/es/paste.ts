import type { paste as english } from "../en/paste.ts"
import type { Translation } from "../message.ts"

export const paste: Translation<typeof english> = {
  "todos.pastedLines": { one: "Has pegado {count} línea.", other: "Has pegado {count} líneas." },
  "todos.addMany": { one: "Añadir {count} tarea", other: "Añadir {count} tareas" },
  "todos.addAsOne": "Pegar como una sola",
}
