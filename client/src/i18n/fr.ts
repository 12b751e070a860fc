import { accounts } from "./fr/accounts.ts"
import { faults } from "./fr/faults.ts"
import { forms } from "./fr/forms.ts"
import { problems } from "./fr/problems.ts"
import { settings } from "./fr/settings.ts"

export const french = { ...accounts, ...faults, ...forms, ...problems, ...settings }
