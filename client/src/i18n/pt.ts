import { forms } from "./pt/forms.ts"
import { problems } from "./pt/problems.ts"

export const portuguese = { ...forms, ...problems }
