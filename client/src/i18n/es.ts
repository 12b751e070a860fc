import { accounts } from "./es/accounts.ts"
import { faults } from "./es/faults.ts"
import { forms } from "./es/forms.ts"
import { problems } from "./es/problems.ts"
import { settings } from "./es/settings.ts"

export const spanish = { ...accounts, ...faults, ...forms, ...problems, ...settings }
