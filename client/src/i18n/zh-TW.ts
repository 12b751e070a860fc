import { forms } from "./zh-TW/forms.ts"
import { problems } from "./zh-TW/problems.ts"

export const traditionalChinese = { ...forms, ...problems }
