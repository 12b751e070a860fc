import { texts as firstScreen } from "./first-screen/es.ts"
import { texts as later } from "./later/es.ts"

export const spanish = { ...firstScreen, ...later }
