import { texts as firstScreen } from "./first-screen/fr.ts"
import { texts as later } from "./later/fr.ts"

export const french = { ...firstScreen, ...later }
