import { lists } from "../es/lists.ts"
import { shell } from "../es/shell.ts"
import { todos } from "../es/todos.ts"

export const texts = { ...lists, ...shell, ...todos }
