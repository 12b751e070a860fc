import { accounts } from "../zh-CN/accounts.ts"
import { changes } from "../zh-CN/changes.ts"
import { details } from "../zh-CN/details.ts"
import { device } from "../zh-CN/device.ts"
import { forms } from "../zh-CN/forms.ts"
import { paste } from "../zh-CN/paste.ts"
import { problems } from "../zh-CN/problems.ts"
import { search } from "../zh-CN/search.ts"
import { settings } from "../zh-CN/settings.ts"
import { shortcuts } from "../zh-CN/shortcuts.ts"
import { sync } from "../zh-CN/sync.ts"
import { trash } from "../zh-CN/trash.ts"

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
