import { Elysia, t } from "elysia"
import { mailConfigured } from "../config.ts"
import type { Dependencies } from "../dependencies.ts"
import { operation } from "../openapi/operation.ts"

const instance = t.Object(
  {
    version: t.String(),
    registration: t.Union([t.Literal("open"), t.Literal("closed")], {
      description: "Whether strangers may register.",
    }),
    pageErrors: t.Boolean({ description: "Whether the page tells the server of its own errors." }),
    mail: t.Boolean({ description: "Whether letters are sent: without them accounts are active at once." }),
  },
  { additionalProperties: false },
)

/** What one may know of an installation before signing in. */
export const instanceRoutes = ({ config, version }: Pick<Dependencies, "config" | "version">) =>
  new Elysia({ name: "instance" }).get(
    "/api/instance",
    () => ({
      version,
      registration: config.registration,
      mail: mailConfigured(config),
      pageErrors: config.sentryDsn !== null,
    }),
    {
      response: { 200: instance },
      detail: operation({
        id: "instance",
        tag: "Instance",
        summary: "What this installation offers",
        public: true,
      }),
    },
  )
