import type { TSchema } from "@sinclair/typebox"
import { Elysia, ValidationError } from "elysia"
import { databaseProblem } from "./database/failures.ts"
import type { Dependencies } from "./dependencies.ts"
import { inputErrors, textInputErrors } from "./input-errors.ts"
import { Problem } from "./problems.ts"
import { factsOf } from "./request-facts.ts"
import { RouteTable } from "./route-table.ts"

/** Makes every failure of the routes registered after it an `application/problem+json` answer (RFC 9457). */
export const problemResponses = ({ log }: Pick<Dependencies, "log">, routes = new RouteTable()) =>
  new Elysia({ name: "problem-responses" }).onError({ as: "global" }, (context) => {
    const { error, request, path } = context
    const facts = factsOf(request)
    let problem: Problem
    if (error instanceof ValidationError) {
      problem = validationProblem(error, routes.find(request.method, context.route)?.hooks, context)
    } else if ((error as { code?: unknown }).code === "NOT_FOUND") problem = routes.refusal(path)
    else problem = problemOf(error)
    if (problem.status >= 500)
      log[problem.status === 500 ? "error" : "warn"](
        { err: error, requestId: facts.requestId },
        problem.title,
      )
    return problemResponse(problem, facts.requestId)
  })

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
    }),
    {
      status: problem.status,
      headers: { "Content-Type": "application/problem+json", ...problem.options.headers },
    },
  )

/** The problem that `error` is told as: itself, the database's, or `internal`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  // Elysia wraps what a body parser throws.
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof Problem) return cause
  return databaseProblem(error) ?? Problem.internal()
}

type Shapes = { body?: unknown; query?: unknown; params?: unknown }
type Sent = { query?: unknown; params?: unknown; headers?: unknown }

/**
 * Elysia's own answer repeats all that was sent. Which part it was that failed is not always told (a number out
 * of its range in a query is a fault of a "property"), so query and path are looked at again.
 */
function validationProblem(error: ValidationError, shapes: Shapes = {}, sent: Sent): Problem {
  if (error.type === "response") return Problem.internal()
  if (error.type === "body")
    return Problem.invalidInput(orInvalid(inputErrors(shapes.body as TSchema, error.value)))
  return Problem.invalidInput(
    orInvalid([
      ...(shapes.params
        ? textInputErrors(shapes.params as TSchema, sent.params as Record<string, unknown>)
        : []),
      ...(shapes.query
        ? textInputErrors(shapes.query as TSchema, sent.query as Record<string, unknown>)
        : []),
    ]),
  )
}

const orInvalid = (errors: Problem["options"]["errors"] = []) =>
  errors.length > 0 ? errors : [{ path: "", code: "invalid", message: "This is not valid." }]
