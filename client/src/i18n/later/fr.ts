import { accounts } from "../fr/accounts.ts"
import { changes } from "../fr/changes.ts"
import { details } from "../fr/details.ts"
import { device } from "../fr/device.ts"
import { forms } from "../fr/forms.ts"
import { paste } from "../fr/paste.ts"
import { problems } from "../fr/problems.ts"
import { search } from "../fr/search.ts"
import { settings } from "../fr/settings.ts"
import { shortcuts } from "../fr/shortcuts.ts"
import { sync } from "../fr/sync.ts"
import { trash } from "../fr/trash.ts"

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
