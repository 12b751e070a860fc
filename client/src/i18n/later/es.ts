import { accounts } from "../es/accounts.ts"
import { forms } from "../es/forms.ts"
import { problems } from "../es/problems.ts"
import { settings } from "../es/settings.ts"
import { shortcuts } from "../es/shortcuts.ts"
import { sync } from "../es/sync.ts"

export const texts = { ...accounts, ...forms, ...problems, ...settings, ...shortcuts, ...sync }
