import { type Static, t } from "elysia"
import { choice, text } from "../input-types.ts"

export const LANGUAGES = ["en", "es", "pt", "fr", "zh-CN", "zh-TW"] as const
export const THEMES = ["system", "light", "dark"] as const
/** In Unicode code points, after NFC. */
export const PASSWORD_CHARACTERS = { least: 10, most: 200 }

const moment = t.String({ format: "date-time" })
const language = choice(LANGUAGES, { description: "The language of letters and of the page." })
const theme = choice(THEMES)
const timeZone = text({
  minLength: 1,
  maxLength: 64,
  format: "time-zone",
  description: "A name of the IANA time zone database, such as Europe/Berlin.",
})
const name = text({ minLength: 1, maxLength: 100, description: "What to call the person: one line." })
/** Checked further by email.ts: its own code is told, and blanks around it are forgiven. */
const email = text({
  maxLength: 320,
  format: "email",
  /** Any name, and a host whose last label may be one: `localhost`, numbers and single letters are not. */
  pattern: "[.][^\\s@.\\d-][^\\s@.]*[^\\s@.-]\\s*$",
  description: "An e-mail address, such as ann@example.org.",
})
/** A new one; password-rules.ts says what else is wrong. */
const newPassword = text({
  minLength: PASSWORD_CHARACTERS.least,
  maxLength: PASSWORD_CHARACTERS.most,
  format: "password",
  description:
    "10 to 200 characters, not made from the e-mail address, and not one of those that are tried first.",
})
/** A known one: whatever was typed is compared. */
const password = text({ maxLength: 1000 })
/** As it stands in a letter's link. */
const token = text({ maxLength: 200, description: "The token of the letter's link." })

const exactly = { additionalProperties: false }

export const meShape = t.Object(
  {
    id: t.String({ format: "uuid" }),
    email: t.String(),
    pendingEmail: t.Nullable(t.String(), { description: "A new address that waits for its confirmation." }),
    name: t.String(),
    language,
    timeZone: t.String(),
    theme,
    deletesAt: t.Nullable(moment, {
      description: "When the account will be deleted, if that was asked for.",
    }),
    rev: t.Integer({ minimum: 0, description: "Rises with each change of the account." }),
    createdAt: moment,
    updatedAt: moment,
  },
  exactly,
)
export type Me = Static<typeof meShape>

export const registration = t.Object(
  { email, password: newPassword, name, language: t.Optional(language), timeZone: t.Optional(timeZone) },
  exactly,
)
export type Registration = Static<typeof registration>

export const verificationSentShape = t.Object({ status: t.Literal("verification-sent") }, exactly)
export const activeShape = t.Object({ status: t.Literal("active") }, exactly)
export const nothingTold = t.Object({}, exactly)

export const emailOnly = t.Object({ email }, exactly)
export const emailConfirmation = t.Object({ token }, exactly)
export const passwordReset = t.Object({ token, password: newPassword }, exactly)

export const profileChange = t.Partial(t.Object({ name, language, timeZone, theme }), exactly)
export type ProfileChange = Static<typeof profileChange>

export const passwordChange = t.Object({ currentPassword: password, password: newPassword }, exactly)
export const emailChange = t.Object({ email, password }, exactly)
export const passwordOnly = t.Object({ password }, exactly)
export const credentials = t.Object({ email, password }, exactly)
