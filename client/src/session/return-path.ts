const PARAMETER = "next"

/** `path` of a page for guests, with the note where to go on once signed in. */
export const withReturn = (path: string, next: string) =>
  `${path}?${new URLSearchParams({ [PARAMETER]: next })}`

/** Where to go on, from a page's `search`; `otherwise` unless it is a path of this page: a link may hold anything. */
export function returnPath(search: string, otherwise: string): string {
  const next = new URLSearchParams(search).get(PARAMETER)
  if (!next?.startsWith("/")) return otherwise
  const { origin } = globalThis.location
  const url = URL.parse(next, origin)
  return url?.origin === origin ? `${url.pathname}${url.search}${url.hash}` : otherwise
}
