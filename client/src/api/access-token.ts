import { NetworkFailure, readAnswer } from "./problem.ts"

/** The signed-in person, as the server tells it. */
export type Me = {
  id: string
  email: string
  pendingEmail: string | null
  name: string
  language: "en" | "es" | "pt" | "fr" | "zh-CN" | "zh-TW"
  timeZone: string
  theme: "system" | "light" | "dark"
  deletesAt: string | null
  /** Rises with each change of the account. */
  rev: number
  createdAt: string
  updatedAt: string
}

/** What a sign-in or a refresh answers; `expiresIn` in seconds. */
export type Grant = { accessToken: string; expiresIn: number; me: Me }

/** An access token lives in memory only; `expiresAt` is in this device's own clock, in milliseconds. */
type AccessToken = { text: string; expiresAt: number }

const SESSION_URL = "/api/sessions/current"
/** A token is renewed this many milliseconds before its end, so that no request dies of it on the way. */
const MARGIN = 10_000
/** How long a tab that waited for another tab's refresh gives the news of it to arrive, in milliseconds. */
const NEWS_TIMEOUT = 300

let current: AccessToken | null = null
/** Whether there may be a session that no token was asked for yet. */
let expected = false
let refreshing: Promise<Grant | null> | undefined
const listeners = new Set<(grant: Grant | null) => void>()
const otherTabs = new BroadcastChannel("docket-session")

otherTabs.onmessage = ({ data }: MessageEvent<Grant | null>) => take(data)

/** Calls `listener` with every new grant, in whichever tab it was given, and with null when the session is over. */
export function onGrant(listener: (grant: Grant | null) => void) {
  listeners.add(listener)
}

/** A sign-in succeeded: every tab of this browser goes on with it. */
export function grant(grant: Grant) {
  otherTabs.postMessage(grant)
  take(grant)
}

/** The person signed out: every tab of this browser forgets the session. */
export function forget() {
  otherTabs.postMessage(null)
  take(null)
}

/** There was a session when this browser was last used: the first request asks for a token of it. */
export function expectSession() {
  expected = true
}

function take(grant: Grant | null) {
  expected = false
  current = grant && { text: grant.accessToken, expiresAt: Date.now() + grant.expiresIn * 1000 }
  for (const listener of listeners) listener(grant)
}

/** A token that is good for a request now, renewed first if it is about to end; null when signed out. Throws as `refresh`. */
export async function usableToken(): Promise<string | null> {
  if (current ? Date.now() > current.expiresAt - MARGIN : expected) await refresh()
  return current?.text ?? null
}

/** A token other than `refused`, which the server didn't accept; null when the session is over. */
export async function tokenAfter(refused: string): Promise<string | null> {
  if (current?.text === refused) await refresh()
  return current?.text ?? null
}

/**
 * Trades the refresh cookie for a new access token; null, and signed out in this tab, if the cookie is no longer good.
 * One refresh at a time per browser: a tab that finds another at it waits, and goes on with what that one got.
 * Throws `NetworkFailure` or `ApiProblem` when nothing could be found out; the session then stays as it is.
 */
export function refresh(): Promise<Grant | null> {
  refreshing ??= refreshAlone().finally(() => {
    refreshing = undefined
  })
  return refreshing
}

async function refreshAlone(): Promise<Grant | null> {
  // Web Locks exist in secure contexts only; a page served over plain HTTP does without, and the server's
  // tolerance for the previous refresh token covers it.
  if (!navigator.locks) return requestGrant()
  const alone = await navigator.locks.request("docket-refresh", { ifAvailable: true }, async (lock) =>
    lock ? { grant: await requestGrant() } : null,
  )
  if (alone) return alone.grant
  const news = nextNews()
  return navigator.locks.request(
    "docket-refresh",
    async () => (await news.within(NEWS_TIMEOUT)) ?? requestGrant(),
  )
}

/** The next grant that another tab tells of, counted from this call. */
function nextNews() {
  let told: (grant: Grant) => void
  const news = new Promise<Grant>((resolve) => {
    told = resolve
  })
  const listener = (grant: Grant | null) => grant && told(grant)
  listeners.add(listener)
  return {
    within: (milliseconds: number) =>
      Promise.race([news, new Promise<null>((resolve) => setTimeout(resolve, milliseconds, null))]).finally(
        () => listeners.delete(listener),
      ),
  }
}

async function requestGrant(): Promise<Grant | null> {
  const response = await send(`${SESSION_URL}/refresh`, { method: "POST" })
  if (response.status === 401) {
    take(null)
    return null
  }
  const renewed = await readAnswer<Grant>(response)
  grant(renewed)
  return renewed
}

/** Ends the session on the server, by its cookie. That it had ended already is fine. */
export async function endSession() {
  const response = await send(SESSION_URL, { method: "DELETE" })
  if (!response.ok && response.status !== 401) await readAnswer(response)
}

/** `fetch` with a bound on time (30 s), whose every failure to get an answer is a `NetworkFailure`. */
export async function send(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const timeout = AbortSignal.timeout(30_000)
  try {
    return await fetch(url, {
      ...init,
      signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
    })
  } catch (error) {
    throw new NetworkFailure(error)
  }
}
