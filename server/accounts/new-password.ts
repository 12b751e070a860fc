import type { Dependencies } from "../dependencies.ts"
import { Problem } from "../problems.ts"
import { passwordFault } from "./password-rules.ts"

/** Throws `invalid-input` if `password` may not be the password of the account of `email`. */
export async function checkNewPassword(password: string, email: string): Promise<void> {
  const fault = await passwordFault(password, email)
  if (fault) throw Problem.invalidInput([{ path: "/password", ...fault }])
}

/** The hash to store of a new password, after checking it. */
export async function hashNewPassword(
  { passwords }: Pick<Dependencies, "passwords">,
  password: string,
  email: string,
): Promise<string> {
  await checkNewPassword(password, email)
  return passwords.hash(password)
}
