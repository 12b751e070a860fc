import { lists } from "../pt/lists.ts"
import { shell } from "../pt/shell.ts"
import { todos } from "../pt/todos.ts"

export const texts = { ...lists, ...shell, ...todos }
