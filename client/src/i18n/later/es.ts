import { accounts } from "../es/accounts.ts"
import { changes } from "../es/changes.ts"
import { details } from "../es/details.ts"
import { device } from "../es/device.ts"
import { forms } from "../es/forms.ts"
import { paste } from "../es/paste.ts"
import { problems } from "../es/problems.ts"
import { search } from "../es/search.ts"
import { settings } from "../es/settings.ts"
import { shortcuts } from "../es/shortcuts.ts"
import { sync } from "../es/sync.ts"
import { trash } from "../es/trash.ts"

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
