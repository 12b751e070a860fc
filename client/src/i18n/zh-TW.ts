import { texts as firstScreen } from "./first-screen/zh-TW.ts"
import { texts as later } from "./later/zh-TW.ts"

export const traditionalChinese = { ...firstScreen, ...later }
