import { accounts } from "../fr/accounts.ts"
import { forms } from "../fr/forms.ts"
import { problems } from "../fr/problems.ts"
import { settings } from "../fr/settings.ts"
import { shortcuts } from "../fr/shortcuts.ts"
import { sync } from "../fr/sync.ts"

export const texts = { ...accounts, ...forms, ...problems, ...settings, ...shortcuts, ...sync }
