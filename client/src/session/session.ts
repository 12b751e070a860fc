import { createSignal } from "solid-js"
import { endSession, forget, type Grant, grant, type Me, onGrant, refresh } from "../api/access-token.ts"
import { client, unwrap } from "../api/client.ts"

export type Session =
  /** A session may exist; whether it does is being found out. */
  | { status: "restoring" }
  /** It could not be found out: there is no connection, or the server doesn't answer. */
  | { status: "unreachable"; error: unknown }
  | { status: "signed-out"; reason: "never" | "left" | "ended" }
  | { status: "signed-in"; me: Me }

/**
 * That someone signed in on this browser. The refresh cookie cannot be seen from here; without this mark a
 * visitor's first page would ask for a session that isn't there.
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
  localStorage.removeItem(MARK)
  setSession((before) => (before.status === "signed-out" ? before : ENDED))
})

const ENDED: Session = { status: "signed-out", reason: "ended" }

/** The person's own facts changed, by a page of the settings or by a grant. */
export function setMe(me: Me) {
  localStorage.setItem(MARK, "yes")
  setSession({ status: "signed-in", me })
}

/** Takes up the session of this browser, if there is one. Called at start, and again to retry. */
export async function restoreSession() {
  if (!localStorage.getItem(MARK)) {
    setSession({ status: "signed-out", reason: "never" })
    return
  }
  try {
    await refresh()
  } catch (error) {
    setSession({ status: "unreachable", error })
  }
}

/** Begins a session, in every tab of this browser. Throws what the server refused it with. */
export async function signIn(credentials: { email: string; password: string }) {
  grant(await unwrap(client.api.sessions.post(credentials)))
}

/** Reads the person's own facts again, after something elsewhere may have changed them. */
export async function refreshMe() {
  setMe(await unwrap(client.api.me.get()))
}

/** Ends the session here, in every tab, and on the server. Throws, still signed in, if the server can't be told. */
export async function signOut() {
  await endSession()
  setSession({ status: "signed-out", reason: "left" })
  forget()
}
