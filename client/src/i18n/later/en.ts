import { accounts } from "../en/accounts.ts"
import { changes } from "../en/changes.ts"
import { details } from "../en/details.ts"
import { device } from "../en/device.ts"
import { forms } from "../en/forms.ts"
import { paste } from "../en/paste.ts"
import { problems } from "../en/problems.ts"
import { search } from "../en/search.ts"
import { settings } from "../en/settings.ts"
import { shortcuts } from "../en/shortcuts.ts"
import { sync } from "../en/sync.ts"
import { trash } from "../en/trash.ts"

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
