import { Problem } from "../problems.ts"
import { isOfNoOne, normaliseEmail } from "./email.ts"

/** The address as it is stored, or `invalid-input` for the member `/email`. */
export function givenEmail(text: string): string {
  const email = normaliseEmail(text)
  if (email === null || isOfNoOne(email))
    throw Problem.invalidInput([
      { path: "/email", code: "not-an-email", message: "This must be an e-mail address." },
    ])
  return email
}
