import type { Treaty } from "@elysiajs/eden/treaty2"
import type { App } from "../../../server/app.ts"
import { send, tokenAfter, usableToken } from "./access-token.ts"
import { NetworkFailure, readProblem } from "./problem.ts"
import { treaty } from "./treaty.ts"

/**
 * The server's routes, typed.
 *
 * @example const { items } = await unwrap(client.api.lists.get())
 */
export const client = treaty(authorisedFetch) as Treaty.Create<App>

type Answer<Data> = { data: Data; error: null } | { data: null; error: { value: unknown } }

/** The data of an answer. Throws `ApiProblem` if the server refused, and `NetworkFailure` if no answer came. */
export async function unwrap<Data>(
  call: Promise<Answer<Data> & { response: Response; status: number }>,
): Promise<NonNullable<Data>> {
  const answer = await call.catch((error) => {
    // Nothing answered, or the answer's body broke off, or it was not what its headers say.
    throw new NetworkFailure(error)
  })
  if (!answer.error) return answer.data as NonNullable<Data>
  throw readProblem(answer.status, answer.error.value, answer.response.headers)
}

/** `fetch` with the access token; when the server no longer accepts it, once more with a renewed one. */
async function authorisedFetch(url: string, init: RequestInit): Promise<Response> {
  const token = await usableToken()
  const response = await send(url, withToken(init, token))
  if (!token || !(await isUnauthenticated(response))) return response
  const renewed = await tokenAfter(token)
  return renewed ? send(url, withToken(init, renewed)) : response
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
