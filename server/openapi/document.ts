import { toOpenAPISchema } from "@elysiajs/openapi/openapi"
import type { AnyElysia } from "elysia"

type Json = null | boolean | number | string | Json[] | JsonObject
type JsonObject = { [name: string]: Json | undefined }

/** Problems that any operation of a kind may answer, by status. */
const GENERAL = { 429: ["too-many-requests"], 500: ["internal"], 503: ["database-unavailable", "timed-out"] }
const WITH_INPUT = { 400: ["invalid-input"] }
const WITH_BODY = { 400: ["malformed-json"], 413: ["too-large"], 415: ["unsupported-media-type"] }
const WITH_TOKEN = { 401: ["unauthenticated"] }
const WITH_ID = { 404: ["not-found"] }

/**
 * The OpenAPI 3.1 document of `app`, from its routes' shapes. Elysia's generator writes down what its validators
 * accept inside; here it becomes what a caller may send and gets: one type for a number, JSON bodies only, nothing
 * beyond the named members, and problems (RFC 9457) as what every failure is.
 */
export function openapiDocument(app: AnyElysia, version: string): JsonObject {
  const generated = toOpenAPISchema(
    withoutParsers(app),
    undefined,
    undefined,
    undefined,
    "3.1.2",
  ) as unknown as {
    paths: Record<string, Record<string, JsonObject>>
  }
  const paths: JsonObject = {}
  for (const [path, operations] of Object.entries(generated.paths)) {
    const described = Object.entries(operations).filter(([, { operationId, tags }]) => operationId && tags)
    if (described.length === 0) continue
    paths[path.replace(/(.)\/$/, "$1")] = Object.fromEntries(
      described.map(([method, operation]) => [method, describe(operation)]),
    )
  }
  return {
    openapi: "3.1.2",
    info: {
      title: "Docket",
      version,
      description:
        "Accounts, sessions, lists and todos. Ids are UUIDv7 and may be made by the caller, so a create that is sent twice is one create. Lists come in pages: send `nextCursor` back as `cursor`. Every failure is an `application/problem+json` (RFC 9457) with a stable `type`.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ accessToken: [] }],
    paths,
    components: {
      securitySchemes: {
        accessToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "From `POST /api/sessions`; good for 15 minutes.",
        },
      },
      schemas: { Problem: PROBLEM },
    },
  }
}

/** The generator leaves out the shape of a body that is read by a parser of one's own, and ours reads them all. */
function withoutParsers(app: AnyElysia): AnyElysia {
  const routes = app.routes.map((route) => ({ ...route, hooks: { ...route.hooks, parse: undefined } }))
  return Object.create(app, { getGlobalRoutes: { value: () => routes } }) as AnyElysia
}

const PROBLEM: JsonObject = {
  type: "object",
  required: ["type", "title", "status", "requestId"],
  properties: {
    type: {
      type: "string",
      description: "`urn:docket:problem:` and the name of the problem; never changes.",
    },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    requestId: { type: "string", description: "As in `X-Request-Id`, and in the server's log." },
    accountId: {
      type: "string",
      format: "uuid",
      description: "Of `account-deleted`: the account whose session it was.",
    },
    errors: {
      type: "array",
      description: "What is wrong with which member of what was sent; never the values themselves.",
      items: {
        type: "object",
        required: ["path", "code", "message"],
        properties: {
          path: { type: "string", description: "A JSON pointer (RFC 6901)." },
          code: { type: "string", description: "Stable, for translation." },
          message: { type: "string" },
        },
      },
    },
  },
}

/** Of every operation that may fail a precondition. */
const IF_MATCH: JsonObject = {
  name: "If-Match",
  in: "header",
  required: false,
  description: "The `ETag` that was read: the change is only made if nobody has changed it since.",
  schema: { type: "string" },
}

function describe({ "x-problems": own, "x-answer": answer, ...operation }: JsonObject): JsonObject {
  const parameters = ((operation.parameters ?? []) as JsonObject[]).map(describeParameter)
  const body = operation.requestBody as JsonObject | undefined
  const isPublic = Array.isArray(operation.security) && operation.security.length === 0
  if (own && typeof own === "object" && "412" in own) parameters.push(IF_MATCH)
  const problems = merge(
    GENERAL,
    parameters.length > 0 || body ? WITH_INPUT : {},
    body ? WITH_BODY : {},
    isPublic ? {} : WITH_TOKEN,
    parameters.some((parameter) => parameter.in === "path") ? WITH_ID : {},
    (own ?? {}) as Record<string, string[]>,
  )
  return {
    ...operation,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: describeBody(body) } : {}),
    responses: {
      ...describeResponses(
        (operation.responses ?? {}) as Record<string, JsonObject>,
        answer as string | undefined,
      ),
      ...Object.fromEntries(
        Object.entries(problems).map(([status, names]) => [status, problemResponse(names)]),
      ),
    },
  }
}

function describeParameter(parameter: JsonObject): JsonObject {
  return { ...parameter, schema: plain(parameter.schema ?? {}, { defaults: true }) }
}

function describeBody(body: JsonObject): JsonObject {
  // The generator lists a media type for each parser that Elysia has; the schema is the same in all.
  const [described] = Object.values(body.content as Record<string, JsonObject>)
  const schema = described?.schema ?? {}
  return {
    required: true,
    content: { "application/json": { schema: plain(schema, { closed: true }) } },
  }
}

/** A route without a shape for its answer has nothing to tell but that it is done. */
function describeResponses(responses: Record<string, JsonObject>, type = "application/json"): JsonObject {
  if (!Object.keys(responses).some((status) => status.startsWith("2"))) responses = { 204: {} }
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const content = (response.content ?? {}) as Record<string, JsonObject>
      const schema = (content["application/json"] ?? Object.values(content)[0])?.schema
      const description = DESCRIPTIONS[status] ?? "As asked."
      return [
        status,
        schema ? { description, content: { [type]: { schema: plain(schema) } } } : { description },
      ]
    }),
  )
}

const DESCRIPTIONS: Record<string, string> = {
  200: "As asked.",
  201: "Created.",
  202: "Accepted; a letter is on its way if there is one to send.",
  204: "Done; there is nothing to tell.",
  503: "The database is away.",
}

const problemResponse = (names: string[]): Json => ({
  description: names.map((name) => `\`${name}\``).join(" or "),
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
})

function merge(...tables: Record<string, string[]>[]): Record<string, string[]> {
  const merged: Record<string, string[]> = {}
  for (const table of tables)
    for (const [status, names] of Object.entries(table))
      merged[status] = [...new Set([...(merged[status] ?? []), ...names])]
  return merged
}

/**
 * A schema as a caller sees it: without the strings that Elysia also takes for numbers and booleans, and without
 * the defaults that its enumerations carry for itself.
 */
function plain(schema: Json, { defaults = false, closed = false } = {}): Json {
  if (Array.isArray(schema)) return schema.map((item) => plain(item, { defaults, closed }))
  if (schema === null || typeof schema !== "object") return schema
  const { default: standard, "x-code": _, ...rest } = schema
  const choices = rest.anyOf
  if (Array.isArray(choices)) {
    const real = choices.filter((choice) => !isCoercion(choice))
    if (real.length === 1 && real.length < choices.length) {
      const { anyOf: __, ...around } = rest
      const kept = defaults && standard !== undefined ? { default: standard } : {}
      return plain({ ...(real[0] as JsonObject), ...around, ...kept }, { defaults, closed })
    }
  }
  const result: JsonObject = {}
  for (const [name, value] of Object.entries(rest)) {
    result[name] = name === "enum" || name === "required" ? value : plain(value ?? null, { defaults, closed })
  }
  if (defaults && standard !== undefined) result.default = standard
  if (closed && result.type === "object" && result.additionalProperties === undefined)
    result.additionalProperties = false
  return result
}

/** What Elysia adds beside a number, boolean or date so that it also takes one written as text. */
function isCoercion(choice: Json): boolean {
  if (choice === null || typeof choice !== "object" || Array.isArray(choice)) return false
  return (
    choice.type === "string" &&
    ["integer", "numeric", "boolean", "ObjectString", "ArrayString"].includes(String(choice.format))
  )
}
