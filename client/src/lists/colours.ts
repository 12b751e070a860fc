import { t } from "../i18n/translate.ts"
import type { Colour } from "../sync/rows.ts"

/** What a colour is called. */
export const colourName = (colour: Colour) => t(`lists.colour.${colour}`)
