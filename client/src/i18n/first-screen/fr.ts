import { lists } from "../fr/lists.ts"
import { shell } from "../fr/shell.ts"
import { todos } from "../fr/todos.ts"

export const texts = { ...lists, ...shell, ...todos }
