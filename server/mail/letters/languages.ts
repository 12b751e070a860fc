import type { Catalogue } from "./catalogue.ts"
import { en } from "./en.ts"
import { es } from "./es.ts"
import { fr } from "./fr.ts"
import { pt } from "./pt.ts"
import { zhCn } from "./zh-CN.ts"
import { zhTw } from "./zh-TW.ts"

/** By BCP 47 tag, as accounts.language holds it. A text that is missing in one fails the types. */
export const catalogues = { en, es, pt, fr, "zh-CN": zhCn, "zh-TW": zhTw } satisfies Record<string, Catalogue>

export type Language = keyof typeof catalogues
