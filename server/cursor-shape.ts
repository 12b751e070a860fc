import { t } from "elysia"

/** A cursor as it travels: base64url (RFC 4648, 5), so that no encoding makes it longer. */
export const cursor = t.String({
  pattern: "^[A-Za-z0-9_-]{1,2000}$",
  description: "`nextCursor` of the page before.",
  "x-code": "not-a-cursor",
})
