import { texts as firstScreen } from "./first-screen/en.ts"
import { texts as later } from "./later/en.ts"

export const english = { ...firstScreen, ...later }

/** The English catalogue is the type of every other; each feature has its own file of it. */
export type English = typeof english
