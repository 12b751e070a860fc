import { forms } from "./zh-CN/forms.ts"
import { problems } from "./zh-CN/problems.ts"

export const simplifiedChinese = { ...forms, ...problems }
