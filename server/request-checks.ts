import type { Server } from "bun"
import { Elysia } from "elysia"
import { socketAddress, trustedProxies } from "./caller-address.ts"
import type { Dependencies } from "./dependencies.ts"
import { isText, MOST_BODY_BYTES, notText, pointerSegment } from "./json-body.ts"
import { type InputError, Problem } from "./problems.ts"
import { factsOf } from "./request-facts.ts"
import { continueTrace } from "./trace-context.ts"

/**
 * What is wrong with a request before any route is looked for: an address that cannot be decoded, a parameter
 * given twice, a body that says it is too large.
 */
export const requestChecks = (
  { config }: Pick<Dependencies, "config">,
  server: () => Server<unknown> | null,
) => {
  const trusted = trustedProxies(config.trustedProxies)
  return new Elysia({ name: "request-checks" })
    .onRequest(({ request }) => {
      const url = request.url
      const inbound = request.headers.get("x-request-id")
      if (inbound !== null && isRequestId(inbound) && trusted(socketAddress(request, server()))) {
        factsOf(request).requestId = inbound
      }
      const { trace, requestId } = factsOf(request)
      if (trace && trusted(socketAddress(request, server())))
        continueTrace(trace, requestId, request.headers.get("traceparent"))
      const start = url.indexOf("/", url.indexOf("//") + 2)
      const queryAt = url.indexOf("?", start)
      const path = url.slice(start, queryAt === -1 ? undefined : queryAt)
      if (path.includes("%")) checkText(path, "")
      if (queryAt !== -1) checkQuery(url.slice(queryAt + 1))
      if (Number(request.headers.get("content-length")) > MOST_BODY_BYTES)
        throw Problem.tooLarge(MOST_BODY_BYTES)
    })
    .onTransform({ as: "global" }, ({ request, route }) => {
      factsOf(request).route = route
    })
}

/** What proxies send: a UUID, a hexadecimal trace id, a base64url word. */
const isRequestId = (text: string) => /^[\w.-]{8,40}$/.test(text)

function checkQuery(query: string) {
  const names = new Set<string>()
  for (const part of query.split("&")) {
    const equals = part.indexOf("=")
    const name = part.slice(0, equals === -1 ? undefined : equals).replaceAll("+", " ")
    const decoded = name.includes("%") ? checkText(name, "") : name
    const path = `/${pointerSegment(decoded)}`
    if (part.includes("%", equals)) checkText(part.slice(equals + 1), path)
    if (names.has(decoded)) {
      throw Problem.invalidInput([{ path, code: "invalid", message: "This was given twice." }])
    }
    names.add(decoded)
  }
}

/** Decodes percent-encoded UTF-8 (RFC 3986, 2.1), or throws a `Problem` that names `path`. */
function checkText(encoded: string, path: string): string {
  let text: string
  try {
    text = decodeURIComponent(encoded)
  } catch {
    throw Problem.invalidInput([MALFORMED(path)])
  }
  if (!isText(text)) throw Problem.invalidInput([notText(path)])
  return text
}

const MALFORMED = (path: string): InputError => ({
  path,
  code: "not-text",
  message: "This is not percent-encoded UTF-8.",
})
