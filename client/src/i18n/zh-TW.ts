import { accounts } from "./zh-TW/accounts.ts"
import { forms } from "./zh-TW/forms.ts"
import { lists } from "./zh-TW/lists.ts"
import { problems } from "./zh-TW/problems.ts"
import { settings } from "./zh-TW/settings.ts"
import { shell } from "./zh-TW/shell.ts"
import { shortcuts } from "./zh-TW/shortcuts.ts"
import { todos } from "./zh-TW/todos.ts"

export const traditionalChinese = {
  ...todos,
  ...shortcuts,
  ...shell,
  ...lists,
  ...accounts,
  ...forms,
  ...problems,
  ...settings,
}
