import { lists } from "../en/lists.ts"
import { shell } from "../en/shell.ts"
import { todos } from "../en/todos.ts"

export const texts = { ...lists, ...shell, ...todos }
