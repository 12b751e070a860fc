import { accounts } from "../en/accounts.ts"
import { forms } from "../en/forms.ts"
import { problems } from "../en/problems.ts"
import { settings } from "../en/settings.ts"
import { shortcuts } from "../en/shortcuts.ts"
import { sync } from "../en/sync.ts"

export const texts = { ...accounts, ...forms, ...problems, ...settings, ...shortcuts, ...sync }
