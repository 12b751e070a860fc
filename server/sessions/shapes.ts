import { type Static, t } from "elysia"
import { meShape } from "../accounts/shapes.ts"

const exactly = { additionalProperties: false }
const moment = t.String({ format: "date-time" })

export const signedInShape = t.Object(
  {
    accessToken: t.String({ description: "Send it as `Authorization: Bearer …`." }),
    expiresIn: t.Integer({ description: "Seconds the access token is good for." }),
    me: meShape,
  },
  exactly,
)
export type SignedIn = Static<typeof signedInShape>

export const sessionShape = t.Object(
  {
    id: t.String({ format: "uuid" }),
    current: t.Boolean({ description: "Whether it is the one that asks." }),
    userAgent: t.String({ description: "The browser, as it named itself when last used." }),
    address: t.String({ description: "The IP address it was last used from." }),
    createdAt: moment,
    lastUsedAt: moment,
  },
  exactly,
)

export const sessionPageShape = t.Object({ items: t.Array(sessionShape), nextCursor: t.Null() }, exactly)
export const sessionPath = t.Object({ id: t.String({ format: "uuid" }) }, exactly)
