import { accounts } from "../pt/accounts.ts"
import { forms } from "../pt/forms.ts"
import { problems } from "../pt/problems.ts"
import { settings } from "../pt/settings.ts"
import { shortcuts } from "../pt/shortcuts.ts"
import { sync } from "../pt/sync.ts"

export const texts = { ...accounts, ...forms, ...problems, ...settings, ...shortcuts, ...sync }
