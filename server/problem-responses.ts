import { Elysia } from "elysia"
import type { Dependencies } from "./dependencies.ts"
import { Problem } from "./problems.ts"

/** Makes every failure of the routes registered after it an `application/problem+json` answer (RFC 9457). */
export const problems = ({ log }: Pick<Dependencies, "log">) =>
  new Elysia({ name: "problems" }).error({ Problem }).onError({ as: "global" }, ({ error, code }) => {
    const problem =
      error instanceof Problem
        ? error
        : code === "NOT_FOUND"
          ? new Problem(404, "route-not-found", "There is nothing here.")
          : code === "VALIDATION"
            ? Problem.invalidInput([])
            : new Problem(500, "internal", "Something went wrong on our side.")
    if (problem.status === 500) log.error({ err: error }, "request failed")
    return new Response(
      JSON.stringify({
        type: problem.type,
        title: problem.title,
        status: problem.status,
        detail: problem.options.detail,
        errors: problem.options.errors,
      }),
      {
        status: problem.status,
        headers: { "Content-Type": "application/problem+json", ...problem.options.headers },
      },
    )
  })
