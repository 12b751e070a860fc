import { texts as firstScreen } from "./first-screen/pt.ts"
import { texts as later } from "./later/pt.ts"

export const portuguese = { ...firstScreen, ...later }
