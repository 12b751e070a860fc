import { forms } from "./en/forms.ts"
import { problems } from "./en/problems.ts"

export const english = { ...forms, ...problems }

/** The English catalogue is the type of every other; each feature has its own file of it. */
export type English = typeof english
