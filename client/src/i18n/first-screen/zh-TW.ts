import { lists } from "../zh-TW/lists.ts"
import { shell } from "../zh-TW/shell.ts"
import { todos } from "../zh-TW/todos.ts"

export const texts = { ...lists, ...shell, ...todos }
