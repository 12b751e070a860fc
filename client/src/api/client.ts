import type { Treaty } from "@elysiajs/eden/treaty2"
import type { App } from "../../../server/app.ts"
import { authorisedFetch } from "./authorised.ts"
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
