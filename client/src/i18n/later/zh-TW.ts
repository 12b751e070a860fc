import { accounts } from "../zh-TW/accounts.ts"
import { forms } from "../zh-TW/forms.ts"
import { problems } from "../zh-TW/problems.ts"
import { settings } from "../zh-TW/settings.ts"
import { shortcuts } from "../zh-TW/shortcuts.ts"
import { sync } from "../zh-TW/sync.ts"

export const texts = { ...accounts, ...forms, ...problems, ...settings, ...shortcuts, ...sync }
