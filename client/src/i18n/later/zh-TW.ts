import { accounts } from "../zh-TW/accounts.ts"
import { changes } from "../zh-TW/changes.ts"
import { details } from "../zh-TW/details.ts"
import { device } from "../zh-TW/device.ts"
import { forms } from "../zh-TW/forms.ts"
import { paste } from "../zh-TW/paste.ts"
import { problems } from "../zh-TW/problems.ts"
import { search } from "../zh-TW/search.ts"
import { settings } from "../zh-TW/settings.ts"
import { shortcuts } from "../zh-TW/shortcuts.ts"
import { sync } from "../zh-TW/sync.ts"
import { trash } from "../zh-TW/trash.ts"

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
