import { createSignal } from "solid-js"
import {
  endSession,
  expectSession,
  forget,
  type Grant,
  type Me,
  onGrant,
  refresh,
} from "../api/access-token.ts"
import { remember, remembered } from "../device/remembered.ts"

export type Session =
  /** A session may exist; whether it does is being found out. */
  | { status: "restoring" }
  /** It could not be found out: there is no connection, or the server doesn't answer. */
  | { status: "unreachable"; error: unknown }
  | { status: "signed-out"; reason: "never" | "left" | "ended" }
  | { status: "signed-in"; me: Me }

/**
 * Who signed in on this browser. The refresh cookie cannot be seen from here; without this mark a visitor's first
 * page would ask for a session that isn't there. With it the page opens at once, and without a network.
 */
const MARK = "docket.signed-in"

const [session, setSession] = createSignal<Session>({ status: "restoring" })

export { session }

/** The signed-in person, or null. */
export const me = (): Me | null => {
  const current = session()
  return current.status === "signed-in" ? current.me : null
}

onGrant((grant: Grant | null) => {
  if (grant) return setMe(grant.me)
  remember(MARK, null)
  setSession((before) => (before.status === "signed-out" ? before : ENDED))
})

const ENDED: Session = { status: "signed-out", reason: "ended" }

/** Chosen here, and on the way to the server: what it tells meanwhile is from before. */
let chosen: Partial<Me> = {}

/** The person's own facts as the server told them: to a page of the settings, or with a grant. */
export function setMe(told: Me) {
  const now = { ...told, ...chosen }
  remember(MARK, JSON.stringify(now))
  setSession({ status: "signed-in", me: now })
}

/** Shows what the person chose until the function that this returns is called, whatever is told meanwhile. */
export function choose(before: Me, choice: Partial<Me>): () => void {
  chosen = { ...chosen, ...choice }
  setMe(before)
  return () => {
    const isOther = ([name, value]: [string, unknown]) => choice[name as keyof Me] !== value
    chosen = Object.fromEntries(Object.entries(chosen).filter(isOther))
  }
}

/** Some of the person's own facts, as another device chose them, unless they are from before what is shown. */
export function followProfile(
  profile: Pick<Me, "name" | "timeZone" | "rev"> & Record<"language" | "theme", string>,
) {
  const before = me()
  if (!before || profile.rev < before.rev) return
  const { name, timeZone, rev } = profile
  const [language, theme] = [profile.language as Me["language"], profile.theme as Me["theme"]]
  setMe({ ...before, name, timeZone, rev, language, theme })
}

/** Takes up the session of this browser, if there is one. Called at start, and again to retry. */
export async function restoreSession() {
  const mark = remembered(MARK)
  if (!mark) {
    setSession({ status: "signed-out", reason: "never" })
    return
  }
  expectSession()
  const known = rememberedMe(mark)
  if (known) setSession({ status: "signed-in", me: known })
  try {
    await refresh()
  } catch (error) {
    // What needs the server asks again; what is on this device is shown meanwhile.
    if (!known) setSession({ status: "unreachable", error })
  }
}

/** Null if the mark was left by an earlier version of the page. */
function rememberedMe(mark: string): Me | null {
  try {
    const me: Partial<Me> | null = JSON.parse(mark)
    return me?.id && me.language && me.theme ? (me as Me) : null
  } catch {
    return null
  }
}

/** Ends the session here, in every tab, and on the server. Throws, still signed in, if the server can't be told. */
export async function signOut() {
  await endSession()
  setSession({ status: "signed-out", reason: "left" })
  forget()
}
