import { grant } from "../api/access-token.ts"
import { client, unwrap } from "../api/client.ts"
import { setMe } from "./session.ts"

/** Begins a session, in every tab of this browser. Throws what the server refused it with. */
export async function signIn(credentials: { email: string; password: string }) {
  grant(await unwrap(client.api.sessions.post(credentials)))
}

/** Reads the person's own facts again, after something elsewhere may have changed them. */
export async function refreshMe() {
  setMe(await unwrap(client.api.me.get()))
}
