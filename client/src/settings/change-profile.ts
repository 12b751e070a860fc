import type { Me } from "../api/access-token.ts"
import { client, unwrap } from "../api/client.ts"
import { problemText } from "../api/problem-text.ts"
import { choose, me, setMe } from "../session/session.ts"
import { toast } from "../ui/Toast.tsx"

type Profile = Partial<Pick<Me, "name" | "language" | "timeZone" | "theme">>

/** Saves what is given, and shows it from then on. Throws what the API throws. */
export async function changeProfile(profile: Profile) {
  setMe(await unwrap(client.api.me.patch(profile)))
}

/** Shows the choice at once and saves it behind that; if that fails, it is as before and a message says so. */
export async function applyPreference(preference: Profile) {
  const before = me()
  if (!before) return
  const release = choose(before, preference)
  try {
    const told = await unwrap(client.api.me.patch(preference))
    release()
    setMe(told)
  } catch (error) {
    release()
    setMe(before)
    toast({ message: problemText(error), kind: "problem" })
  }
}
