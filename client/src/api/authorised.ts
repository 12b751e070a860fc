import { send, tokenAfter, usableToken } from "./access-token.ts"
import { readAnswer, readProblem } from "./problem.ts"

/** `fetch` with the access token; when the server no longer accepts it, once more with a renewed one. */
export async function authorisedFetch(url: string, init: RequestInit): Promise<Response> {
  const token = await usableToken()
  const response = await send(url, withToken(init, token))
  if (!token || !(await isUnauthenticated(response))) return response
  const renewed = await tokenAfter(token)
  return renewed ? send(url, withToken(init, renewed)) : response
}

/** Sends JSON to a route that the page's types leave out, since what it sends and gets is the sync engine's own. */
export async function post<Data>(path: string, body: unknown): Promise<Data> {
  const response = await authorisedFetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  })
  return readAnswer(response)
}

/** A response without an end, until `signal`. Rejects when no answer came. */
export async function openStream(path: string, signal: AbortSignal): Promise<Response> {
  const token = await usableToken()
  return fetch(path, withToken({ signal }, token))
}

const withToken = (init: RequestInit, token: string | null): RequestInit =>
  token ? { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } } : init

/** A wrong password at sign-in is a 401 too, and no reason to renew anything. */
async function isUnauthenticated(response: Response) {
  if (response.status !== 401) return false
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return readProblem(401, body, response.headers).slug === "unauthenticated"
}
