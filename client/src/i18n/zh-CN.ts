import { accounts } from "./zh-CN/accounts.ts"
import { faults } from "./zh-CN/faults.ts"
import { forms } from "./zh-CN/forms.ts"
import { problems } from "./zh-CN/problems.ts"
import { settings } from "./zh-CN/settings.ts"

export const simplifiedChinese = { ...accounts, ...faults, ...forms, ...problems, ...settings }
