import { texts as firstScreen } from "./first-screen/zh-CN.ts"
import { texts as later } from "./later/zh-CN.ts"

export const simplifiedChinese = { ...firstScreen, ...later }
