import { type Static, t } from "elysia"
import { text } from "../input-types.ts"

/** An error of the page, as it tells of it. */
export const pageErrorShape = t.Object(
  {
    type: text({ minLength: 1, maxLength: 100 }),
    message: text({ maxLength: 500 }),
    stack: t.Array(text({ maxLength: 300 }), { maxItems: 20, description: "Calls, the innermost first." }),
    path: text({ maxLength: 200, description: "The address that was open, without query and fragment." }),
    release: text({
      maxLength: 40,
      description: "The release of the page, which may be older than the server.",
    }),
    requestId: t.Optional(
      text({ minLength: 8, maxLength: 40, description: "Of the refused request, if one was." }),
    ),
  },
  { additionalProperties: false },
)
export type PageError = Static<typeof pageErrorShape>
