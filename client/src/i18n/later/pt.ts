import { accounts } from "../pt/accounts.ts"
import { changes } from "../pt/changes.ts"
import { details } from "../pt/details.ts"
import { device } from "../pt/device.ts"
import { forms } from "../pt/forms.ts"
import { paste } from "../pt/paste.ts"
import { problems } from "../pt/problems.ts"
import { search } from "../pt/search.ts"
import { settings } from "../pt/settings.ts"
import { shortcuts } from "../pt/shortcuts.ts"
import { sync } from "../pt/sync.ts"
import { trash } from "../pt/trash.ts"

export const texts = {
  ...accounts,
  ...changes,
  ...details,
  ...device,
  ...forms,
  ...paste,
  ...problems,
  ...search,
  ...settings,
  ...shortcuts,
  ...sync,
  ...trash,
}
