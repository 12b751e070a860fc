import { Elysia } from "elysia"
import type { Dependencies } from "./dependencies.ts"
import { healthRoutes } from "./health/routes.ts"
import { problems } from "./problem-responses.ts"

/** The route table: everything the server answers. */
export const createApp = (dependencies: Dependencies) =>
  new Elysia({ normalize: false }).use(problems(dependencies)).use(healthRoutes(dependencies))

export type App = ReturnType<typeof createApp>
