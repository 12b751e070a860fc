import { Elysia } from "elysia"
import { type InputError, Problem } from "./problems.ts"
import type { RouteTable } from "./route-table.ts"

/** Bytes of a body that are read; one more and it is refused. */
export const MOST_BODY_BYTES = 1024 * 1024
/** Nested arrays and objects. The deepest shape of ours has four. */
const MOST_DEPTH = 16
/** Members and elements in one body. */
const MOST_VALUES = 50_000

/**
 * Reads the body of the routes that declare one, as strictly as RFC 8259 allows. Elysia's own parser takes
 * forms and text where JSON is promised, has no limit, and reads broken UTF-8 as replacement characters.
 */
export const jsonBody = (routes: RouteTable) =>
  new Elysia({ name: "json-body" }).onParse({ as: "global" }, ({ request, route }) =>
    routes.find(request.method, route)?.hooks.body ? readJson(request) : null,
  )

/** Reads and checks the request's JSON body. Throws a `Problem`. */
export async function readJson(request: Request): Promise<unknown> {
  const length = request.headers.get("content-length")
  if (!request.body || length === "0") throw missingBody()
  refuseOtherMedia(request.headers)
  if (Number(length) > MOST_BODY_BYTES) throw Problem.tooLarge(MOST_BODY_BYTES)
  const bytes = await readBounded(request.body)
  if (bytes.length === 0) throw missingBody()
  return parseJson(bytes)
}

const missingBody = () =>
  Problem.invalidInput([{ path: "", code: "required", message: "A JSON body is required." }])

function refuseOtherMedia(headers: Headers) {
  const [type = "", ...parameters] = (headers.get("content-type") ?? "").toLowerCase().split(";")
  if (type.trim() !== "application/json") {
    throw Problem.unsupportedMediaType("Send application/json.")
  }
  const charset = parameters.map((parameter) => parameter.trim()).find((name) => name.startsWith("charset="))
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
    throw Problem.unsupportedMediaType("Send UTF-8.")
  }
  const encoding = headers.get("content-encoding")?.trim().toLowerCase()
  if (encoding && encoding !== "identity") throw Problem.unsupportedMediaType("Send the body uncompressed.")
}

/** A body may come in chunks without saying its length: count while reading, and stop reading at the limit. */
async function readBounded(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    // Leaving the loop cancels the stream.
    if (size > MOST_BODY_BYTES) throw Problem.tooLarge(MOST_BODY_BYTES)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
}

const utf8 = new TextDecoder("utf-8", { fatal: true })

function parseJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw Problem.malformedJson("It is not UTF-8.")
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message quotes what was sent.
    throw Problem.malformedJson("It cannot be parsed.")
  }
  // In JSON text a NUL or half a surrogate pair can only be an escape.
  const errors: InputError[] = []
  inspect(value, "", 0, { errors, left: MOST_VALUES, strings: text.includes("\\u") })
  if (errors.length > 0) throw Problem.invalidInput(errors)
  return value
}

type Inspection = { errors: InputError[]; left: number; strings: boolean }

function inspect(value: unknown, path: string, depth: number, inspection: Inspection) {
  if (typeof value === "string") {
    if (inspection.strings && !isText(value)) inspection.errors.push(notText(path))
    return
  }
  if (typeof value !== "object" || value === null) return
  if (depth === MOST_DEPTH) throw tooMuch("nested too deeply")
  for (const key in value) {
    inspection.left -= 1
    if (inspection.left < 0) throw tooMuch("made of too many values")
    const member = `${path}/${pointerSegment(key)}`
    if (inspection.strings && !isText(key)) inspection.errors.push(notText(path))
    // JSON.parse makes it an ordinary member, and the first copy of the object would make it the prototype.
    else if (key === "__proto__") {
      inspection.errors.push({ path: member, code: "unknown-member", message: "There is no such member." })
    } else inspect((value as Record<string, unknown>)[key], member, depth + 1, inspection)
    if (inspection.errors.length >= 20) return
  }
}

const tooMuch = (what: string) =>
  Problem.invalidInput([{ path: "", code: "too-large", message: `The body is ${what}.` }])

/** Whether PostgreSQL and every other UTF-8 reader can hold it: no NUL and no half of a surrogate pair. */
export const isText = (value: string) => !value.includes("\0") && value.isWellFormed()

export const notText = (path: string): InputError => ({
  path,
  code: "not-text",
  message: "This holds a character that is not text: NUL, or half a surrogate pair.",
})

/** One segment of a JSON pointer (RFC 6901), cut to a length that can be answered with. */
export const pointerSegment = (name: string) =>
  name.slice(0, 100).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")
