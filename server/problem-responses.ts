import type { TSchema } from "@sinclair/typebox"
import { Elysia, ValidationError } from "elysia"
import { databaseProblem } from "./database/failures.ts"
import type { Dependencies } from "./dependencies.ts"
import { inputErrors, textInputErrors } from "./input-errors.ts"
import { errorFacts, submittedTexts } from "./log-secrets.ts"
import { type InputError, Problem } from "./problems.ts"
import { factsOf } from "./request-facts.ts"
import { RouteTable } from "./route-table.ts"

/** Makes every failure of the routes registered after it an `application/problem+json` answer (RFC 9457). */
export const problemResponses = ({ log }: Pick<Dependencies, "log">, routes = new RouteTable()) =>
  // Only what is named here is taken out of the context: Elysia reads this source, and would otherwise parse
  // headers, cookies and query of every request for it.
  new Elysia({ name: "problem-responses" }).onError(
    { as: "global" },
    ({ error, request, route, params, body }) => {
      const { requestId, accountId } = factsOf(request)
      const problem = problemOf(error, {
        request,
        shapes: routes.find(request.method, route)?.hooks,
        params,
        routes,
      })
      if (problem.status >= 500) {
        // The database being away is not news of this request.
        log[problem.status === 500 ? "error" : "warn"](
          {
            requestId,
            accountId: accountId ?? undefined,
            route,
            err: errorFacts(error, submittedTexts(body, params, ...headersAndQuery(request))),
          },
          problem.title,
        )
      }
      return problemResponse(problem, requestId)
    },
  )

/** Writes `problem` as RFC 9457 has it. */
export const problemResponse = (problem: Problem, requestId: string) =>
  new Response(
    JSON.stringify({
      type: problem.type,
      title: problem.title,
      status: problem.status,
      detail: problem.options.detail,
      requestId,
      errors: problem.options.errors,
      accountId: problem.options.accountId,
    }),
    {
      status: problem.status,
      headers: { "Content-Type": "application/problem+json", ...problem.options.headers },
    },
  )

type Context = {
  request: Request
  params: unknown
  shapes?: { body?: unknown; query?: unknown; params?: unknown }
  routes?: RouteTable
}

/** The problem that `error` is told as: itself, the request's, the database's, or `internal`. */
export function problemOf(error: unknown, context?: Context): Problem {
  if (error instanceof Problem) return error
  // Elysia wraps what a body parser throws.
  if (error instanceof Error && error.cause instanceof Problem) return error.cause
  if (context && error instanceof ValidationError) return validationProblem(error, context)
  if (context?.routes && (error as { code?: unknown }).code === "NOT_FOUND") {
    return context.routes.refusal(new URL(context.request.url).pathname)
  }
  return databaseProblem(error) ?? Problem.internal()
}

/**
 * Elysia's own answer repeats all that was sent. Which part it was that failed is not always told (a number out
 * of its range in a query is a fault of a "property"), so query and path are looked at again.
 */
function validationProblem(error: ValidationError, { request, params, shapes = {} }: Context): Problem {
  if (error.type === "response") return Problem.internal()
  const errors: InputError[] = []
  if (error.type === "body") errors.push(...inputErrors(shapes.body as TSchema, error.value))
  else {
    if (shapes.params)
      errors.push(...textInputErrors(shapes.params as TSchema, params as Record<string, unknown>))
    if (shapes.query) errors.push(...textInputErrors(shapes.query as TSchema, queryOf(request)))
  }
  if (errors.length === 0) errors.push({ path: "", code: "invalid", message: "This is not valid." })
  return Problem.invalidInput(errors)
}

/** Without a prototype, so that `__proto__` is a name like any other. */
function queryOf(request: Request): Record<string, string> {
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of new URL(request.url).searchParams) query[name] = value
  return query
}

const headersAndQuery = (request: Request) => [
  queryOf(request),
  request.headers.get("authorization"),
  request.headers.get("cookie"),
]
