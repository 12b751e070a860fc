/** A fault in one member of what was sent. `path` is a JSON pointer; `code` is stable and is what the page translates. */
export type InputError = { path: string; code: string; message: string }

type Options = {
  detail?: string
  errors?: InputError[]
  /** Of `account-deleted`. */
  accountId?: string
  headers?: Record<string, string>
}

/**
 * A failure that the caller is told of, as RFC 9457 `application/problem+json`. Throw it; the one error plugin
 * writes it. `type` is `urn:docket:problem:<slug>` and never changes once published: the page translates by it.
 */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly slug: string,
    readonly title: string,
    readonly options: Options = {},
  ) {
    super(title)
  }

  get type() {
    return `urn:docket:problem:${this.slug}`
  }

  static invalidInput(errors: InputError[]) {
    return new Problem(400, "invalid-input", "The request holds something that is not valid.", { errors })
  }

  static malformedJson(detail: string) {
    return new Problem(400, "malformed-json", "The body is not valid JSON.", { detail })
  }

  static unauthenticated() {
    return new Problem(401, "unauthenticated", "Sign in first.", {
      headers: { "WWW-Authenticate": "Bearer" },
    })
  }

  /** Only for whoever has a token of a session that went with the account. */
  static accountDeleted(accountId: string) {
    return new Problem(401, "account-deleted", "This account was deleted.", {
      accountId,
      headers: { "WWW-Authenticate": "Bearer" },
    })
  }

  /** Also for another person's row: that it exists is not told. */
  static notFound(noun: string) {
    return new Problem(404, "not-found", `There is no such ${noun}.`)
  }

  static routeNotFound() {
    return new Problem(404, "route-not-found", "There is nothing at this address.")
  }

  /** `allowed` lists the methods that the address has. */
  static methodNotAllowed(allowed: string) {
    return new Problem(405, "method-not-allowed", "This address does not take that method.", {
      headers: { Allow: allowed },
    })
  }

  static conflict(slug: string, title: string) {
    return new Problem(409, slug, title)
  }

  static preconditionFailed() {
    return new Problem(412, "precondition-failed", "It was changed by someone else since you read it.")
  }

  static tooLarge(bytes: number) {
    return new Problem(413, "too-large", `The body is larger than ${bytes} bytes.`)
  }

  static unsupportedMediaType(detail: string) {
    return new Problem(415, "unsupported-media-type", "The body is of a kind that is not understood.", {
      detail,
    })
  }

  static tooManyRequests(retryAfterSeconds: number) {
    return new Problem(429, "too-many-requests", "Too many requests; wait a little.", {
      headers: { "Retry-After": `${Math.max(1, Math.ceil(retryAfterSeconds))}` },
    })
  }

  /** Nothing that the caller did; the log says what, under the request's id. */
  static internal() {
    return new Problem(500, "internal", "Something went wrong on our side.")
  }

  static databaseUnavailable() {
    return new Problem(503, "database-unavailable", "The database cannot be reached at the moment.", {
      headers: { "Retry-After": "5" },
    })
  }

  static timedOut() {
    return new Problem(503, "timed-out", "This took too long and was stopped.", {
      headers: { "Retry-After": "5" },
    })
  }
}
