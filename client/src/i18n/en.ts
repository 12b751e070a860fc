import { accounts } from "./en/accounts.ts"
import { faults } from "./en/faults.ts"
import { forms } from "./en/forms.ts"
import { problems } from "./en/problems.ts"
import { settings } from "./en/settings.ts"

export const english = { ...accounts, ...faults, ...forms, ...problems, ...settings }

/** The English catalogue is the type of every other; each feature has its own file of it. */
export type English = typeof english
