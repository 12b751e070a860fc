import { forms } from "./fr/forms.ts"
import { problems } from "./fr/problems.ts"

export const french = { ...forms, ...problems }
