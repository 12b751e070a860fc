import { Elysia } from "elysia"
import type { Dependencies } from "./dependencies.ts"
import { healthRoutes } from "./health/routes.ts"
import { listRoutes } from "./lists/routes.ts"
import { problems } from "./problem-responses.ts"
import { todoRoutes } from "./todos/routes.ts"

/** The route table: everything the server answers. */
export const createApp = (dependencies: Dependencies) =>
  new Elysia({ normalize: false })
    .use(problems(dependencies))
    .use(healthRoutes(dependencies))
    .use(listRoutes(dependencies))
    .use(todoRoutes(dependencies))

export type App = ReturnType<typeof createApp>
