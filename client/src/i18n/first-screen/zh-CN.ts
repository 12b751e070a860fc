import { lists } from "../zh-CN/lists.ts"
import { shell } from "../zh-CN/shell.ts"
import { todos } from "../zh-CN/todos.ts"

export const texts = { ...lists, ...shell, ...todos }
