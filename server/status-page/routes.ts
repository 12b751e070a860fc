import { Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"

const NONE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>No status page</title>
<h1>No status page</h1>
<p>This installation has no public status page. That you read this means that its server answers;
<a href="/health">/health</a> says what works.</p>
`

/** `/status`: to the page that a monitor elsewhere writes (STATUS_PAGE_URL), since a server that is down tells nothing. */
export const statusPageRoutes = ({ config }: Pick<Dependencies, "config">) =>
  new Elysia({ name: "status-page" }).get(
    "/status",
    () =>
      config.statusPageUrl === null
        ? new Response(NONE, { status: 404, headers: { "Content-Type": "text/html; charset=utf-8" } })
        : new Response(null, { status: 302, headers: { Location: config.statusPageUrl } }),
    { detail: { hide: true } },
  )
