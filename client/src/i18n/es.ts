import { forms } from "./es/forms.ts"
import { problems } from "./es/problems.ts"

export const spanish = { ...forms, ...problems }
