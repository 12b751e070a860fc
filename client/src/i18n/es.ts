import { accounts } from "./es/accounts.ts"
import { forms } from "./es/forms.ts"
import { lists } from "./es/lists.ts"
import { problems } from "./es/problems.ts"
import { settings } from "./es/settings.ts"
import { shell } from "./es/shell.ts"
import { shortcuts } from "./es/shortcuts.ts"
import { todos } from "./es/todos.ts"

export const spanish = {
  ...todos,
  ...shortcuts,
  ...shell,
  ...lists,
  ...accounts,
  ...forms,
  ...problems,
  ...settings,
}
