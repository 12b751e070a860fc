import type { PageError } from "./shapes.ts"

const LEFT_OUT = "[left out]"
const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi
/** Of an address its path alone: queries hold what was searched for, fragments the tokens of letters. */
const ADDRESS = /\b[a-z][a-z-]*:\/\/[^\s/)]*(\/[^\s?#):]*)?(?:[?#][^\s):]*)?/gi
/** What stands in quotation marks may be what a person wrote; the name of a member that was wanted is ours. */
const QUOTED = /(\b(?:reading|setting|property|variable|private member) )?(["'`“‘])(.*?)(["'`”’])/gsu
const NAME = /^[\w$#.]{1,60}$/

/**
 * What may be kept of an error of the page: its kind, its calls and its message without what was quoted in it. Whatever else
 * looks like an e-mail address or a token the log's own masks take out (server/log-secrets.ts).
 */
export function scrubbed({ type, message, stack, path, release }: PageError) {
  return {
    err: {
      type: /^[\w$.]+$/.test(type) ? type : "Error",
      message: withoutQuotes(withoutAddresses(message)),
      stack: stack.map(frame).filter((line) => line !== null),
    },
    page: path.replace(/[?#].*$/s, "").replace(ID, ":id"),
    pageRelease: /^[\w.+-]+$/.test(release) ? release : "unknown",
  }
}

const withoutQuotes = (text: string) =>
  text.replace(QUOTED, (all, before: string | undefined, _open, inner: string) =>
    before !== undefined && NAME.test(inner) ? all : `${before ?? ""}"${LEFT_OUT}"`,
  )

const withoutAddresses = (text: string) =>
  text.replace(ADDRESS, (_, path: string | undefined) => (path ?? "/").replace(ID, ":id"))

/** As V8 writes calls, or Firefox and Safari (`name@address`), written as V8 does; null for a line that is no call. */
function frame(line: string): string | null {
  const [, v8Name, v8Place] = /^\s*at (?:async )?(?:(.{1,100}?) \()?([^()\s]+:\d+:\d+)\)?$/.exec(line) ?? []
  const [, name = v8Name, place = v8Place] = /^(.{0,100}?)@([^\s@]+:\d+:\d+)$/.exec(line) ?? []
  if (place === undefined) return null
  const [, address = "", where = ""] = /^(.*?)(:\d+:\d+)$/.exec(place) ?? []
  const file = `${withoutAddresses(address)}${where}`
  return name && /^[\w$.<>[\] /*-]+$/.test(name) ? `at ${name} (${file})` : `at ${file}`
}

/** `Firefox 128`; null for what says nothing of that kind. */
export function browserOf(userAgent: string | null): string | null {
  const [, name, version] = /(Edg|OPR|Firefox|Chrome|Version)\/(\d{1,4})/.exec(order(userAgent ?? "")) ?? []
  if (!name) return null
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", Version: "Safari" }
  return `${names[name] ?? name} ${version}`
}

/** Edge and Opera also call themselves Chrome, at the end. */
const order = (userAgent: string) => userAgent.split(" ").toReversed().join(" ")
