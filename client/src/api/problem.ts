/** One fault in what was sent; `path` is a JSON pointer to the member. */
export type InputError = { path: string; code: string; message: string }

/** A refusal by the server: an RFC 9457 problem. `problemText` says it in the reader's language. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    /** The last part of `type`: `urn:docket:problem:<slug>`; empty if what answered was not Docket. */
    readonly slug: string,
    readonly errors: readonly InputError[] = [],
    /** Seconds until another try makes sense, from `Retry-After`. */
    readonly retryAfter: number | null = null,
    /** The request's, by which the server's log has it. */
    readonly requestId?: unknown,
  ) {
    super(`${status} ${slug}`)
    this.name = "ApiProblem"
  }
}

/** No answer came: the connection, the server's absence, or time running out. Nothing is known to have been done. */
export class NetworkFailure extends Error {
  constructor(cause?: unknown) {
    super("No answer came from the server.", { cause })
    this.name = "NetworkFailure"
  }
}

/** The JSON of an answer. Throws `ApiProblem` if the server refused, and `NetworkFailure` if the answer broke off. */
export async function readAnswer<Data>(response: Response): Promise<Data> {
  const body: unknown = await response.json().catch((error) => {
    if (response.ok) throw new NetworkFailure(error)
  })
  if (!response.ok) throw readProblem(response.status, body, response.headers)
  return body as Data
}

/** The problem that a response's body and headers tell of, also if a proxy wrote them. */
export function readProblem(status: number, body: unknown, headers: Headers): ApiProblem {
  const problem = isRecord(body) ? body : {}
  const slug =
    typeof problem.type === "string" ? (/^urn:docket:problem:([\w-]+)$/.exec(problem.type)?.[1] ?? "") : ""
  const errors = Array.isArray(problem.errors) ? problem.errors.filter(isInputError) : []
  return new ApiProblem(status, slug, errors, retryAfter(headers), problem.requestId)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null

const isInputError = (value: unknown): value is InputError =>
  isRecord(value) && typeof value.path === "string" && typeof value.code === "string"

/** `Retry-After` (RFC 9110, section 10.2.3) in whole seconds; it may be a number of them or a date. */
function retryAfter(headers: Headers): number | null {
  const value = headers.get("Retry-After")
  if (!value) return null
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : null
}
