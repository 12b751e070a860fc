import { accounts } from "./zh-TW/accounts.ts"
import { faults } from "./zh-TW/faults.ts"
import { forms } from "./zh-TW/forms.ts"
import { problems } from "./zh-TW/problems.ts"
import { settings } from "./zh-TW/settings.ts"

export const traditionalChinese = { ...accounts, ...faults, ...forms, ...problems, ...settings }
