import { type AnyElysia, Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { openapiDocument } from "./document.ts"
import { referencePage } from "./reference-page.ts"

/**
 * `/api/openapi.json` describes `app` (asked for at the first request, when every route is there), and
 * `/api/reference` shows it. The reference's one script is ours to serve: nothing is loaded from elsewhere.
 */
export const openapiRoutes = (
  app: () => AnyElysia,
  { version, folders }: Pick<Dependencies, "version" | "folders">,
) => {
  let document: string | undefined
  return new Elysia({ name: "openapi" })
    .get(
      "/api/openapi.json",
      () => {
        document ??= JSON.stringify(openapiDocument(app(), version))
        return new Response(document, { headers: { "Content-Type": "application/json" } })
      },
      { detail: { hide: true } },
    )
    .use(referencePage(folders.reference))
}
