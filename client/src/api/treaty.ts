type Fetch = (url: string, init: RequestInit) => Promise<Response>

const METHODS = new Set(["get", "post", "put", "patch", "delete"])

/**
 * The server's routes, to be typed by Eden (`Treaty.Create`): `client.api.todos({ id }).patch(body)`. What Eden does at run time for
 * sockets, streams, files and dates is not needed here and weighs more than the whole store, so this is the rest:
 * JSON bodies and queries to the page's own origin. Dates stay strings, as they were sent.
 */
export const treaty = (fetch: Fetch) => resource([], fetch)

/** Each member is one more segment of the path; a call is a parameter of it, or the request if it is a method's. */
function resource(path: readonly string[], fetch: Fetch): unknown {
  return new Proxy(() => {}, {
    get: (_, name) => (typeof name === "string" ? resource([...path, name], fetch) : undefined),
    apply: (_, __, [first, second]) => {
      const method = path.at(-1)!
      if (!METHODS.has(method))
        return resource([...path, encodeURIComponent(`${Object.values(first)[0]}`)], fetch)
      const url = `/${path.slice(0, -1).join("/")}`
      return method === "get"
        ? answer(fetch(url + search(first?.query), { method: "GET" }))
        : answer(fetch(url + search(second?.query), { method: method.toUpperCase(), ...json(first) }))
    },
  })
}

function search(query: Record<string, unknown> = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  const text = new URLSearchParams(given.map(([name, value]) => [name, `${value}`])).toString()
  return text && `?${text}`
}

const json = (body: unknown): RequestInit =>
  body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }

/** In Eden's shape: `data` of a success, `error.value` of anything else. Rejects if no whole answer came. */
async function answer(request: Promise<Response>) {
  const response = await request
  const text = await response.text()
  const value = /\bjson\b/.test(response.headers.get("Content-Type") ?? "") && text ? JSON.parse(text) : text
  const { status, headers } = response
  return response.ok
    ? { data: value, error: null, response, status, headers }
    : { data: null, error: { status, value }, response, status, headers }
}
