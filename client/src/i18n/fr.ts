import { accounts } from "./fr/accounts.ts"
import { forms } from "./fr/forms.ts"
import { lists } from "./fr/lists.ts"
import { problems } from "./fr/problems.ts"
import { settings } from "./fr/settings.ts"
import { shell } from "./fr/shell.ts"
import { shortcuts } from "./fr/shortcuts.ts"
import { todos } from "./fr/todos.ts"

export const french = {
  ...todos,
  ...shortcuts,
  ...shell,
  ...lists,
  ...accounts,
  ...forms,
  ...problems,
  ...settings,
}
