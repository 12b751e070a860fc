import { accounts } from "./pt/accounts.ts"
import { forms } from "./pt/forms.ts"
import { lists } from "./pt/lists.ts"
import { problems } from "./pt/problems.ts"
import { settings } from "./pt/settings.ts"
import { shell } from "./pt/shell.ts"
import { shortcuts } from "./pt/shortcuts.ts"
import { todos } from "./pt/todos.ts"

export const portuguese = {
  ...todos,
  ...shortcuts,
  ...shell,
  ...lists,
  ...accounts,
  ...forms,
  ...problems,
  ...settings,
}
