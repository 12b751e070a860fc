import { accounts } from "./zh-CN/accounts.ts"
import { forms } from "./zh-CN/forms.ts"
import { lists } from "./zh-CN/lists.ts"
import { problems } from "./zh-CN/problems.ts"
import { settings } from "./zh-CN/settings.ts"
import { shell } from "./zh-CN/shell.ts"
import { shortcuts } from "./zh-CN/shortcuts.ts"
import { todos } from "./zh-CN/todos.ts"

export const simplifiedChinese = {
  ...todos,
  ...shortcuts,
  ...shell,
  ...lists,
  ...accounts,
  ...forms,
  ...problems,
  ...settings,
}
