import { Elysia } from "elysia"
import type { Dependencies } from "./dependencies.ts"
import { problems } from "./problem-responses.ts"

/** The route table: everything the server answers. */
export const createApp = (dependencies: Dependencies) =>
  new Elysia({ normalize: false }).use(problems(dependencies))

export type App = ReturnType<typeof createApp>
