import { accounts } from "./pt/accounts.ts"
import { faults } from "./pt/faults.ts"
import { forms } from "./pt/forms.ts"
import { problems } from "./pt/problems.ts"
import { settings } from "./pt/settings.ts"

export const portuguese = { ...accounts, ...faults, ...forms, ...problems, ...settings }
