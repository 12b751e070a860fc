import { accounts } from "./en/accounts.ts"
import { forms } from "./en/forms.ts"
import { lists } from "./en/lists.ts"
import { problems } from "./en/problems.ts"
import { settings } from "./en/settings.ts"
import { shell } from "./en/shell.ts"
import { shortcuts } from "./en/shortcuts.ts"
import { todos } from "./en/todos.ts"

export const english = {
  ...todos,
  ...shortcuts,
  ...shell,
  ...lists,
  ...accounts,
  ...forms,
  ...problems,
  ...settings,
}

/** The English catalogue is the type of every other; each feature has its own file of it. */
export type English = typeof english
