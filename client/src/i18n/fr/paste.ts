import type { paste as english } from "../en/paste.ts"
import type { Translation } from "../message.ts"

export const paste: Translation<typeof english> = {
  "todos.pastedLines": { one: "Vous avez collé {count} ligne.", other: "Vous avez collé {count} lignes." },
  "todos.addMany": { one: "Ajouter {count} tâche", other: "Ajouter {count} tâches" },
  "todos.addAsOne": "Coller en une seule",
}
