import { Problem } from "../problems.ts"
import { singleLine } from "../text.ts"
import { isTimeZone } from "./time-zone.ts"

/** In Unicode code points. */
const NAME_CHARACTERS = { least: 1, most: 100 }

/** A profile as it is stored: the name on one line, composed; throws `invalid-input` for what shapes cannot check. */
export function givenProfile<Given extends { name?: string; timeZone?: string }>(given: Given): Given {
  const profile = { ...given }
  if (profile.name !== undefined) profile.name = givenName(profile.name)
  if (profile.timeZone !== undefined && !isTimeZone(profile.timeZone))
    throw fault("/timeZone", "not-a-time-zone", "This must be a time zone, such as Europe/Berlin.")
  return profile
}

function givenName(text: string): string {
  // Control characters have no place in a letter's header or in a page's line.
  const name = singleLine(text.replace(/\p{Cc}/gu, " "))
  const { length } = [...name]
  if (length < NAME_CHARACTERS.least)
    throw fault("/name", "too-short", `This must have at least ${NAME_CHARACTERS.least} character.`)
  // Composing may lengthen: a few characters have no composed form.
  if (length > NAME_CHARACTERS.most)
    throw fault("/name", "too-long", `This must have at most ${NAME_CHARACTERS.most} characters.`)
  return name
}

const fault = (path: string, code: string, message: string) => Problem.invalidInput([{ path, code, message }])
