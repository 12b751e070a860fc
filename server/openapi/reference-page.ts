import { existsSync } from "node:fs"
import { join } from "node:path"
import { Elysia } from "elysia"
import { Problem } from "../problems.ts"
import { readStoredFile, type StoredFile, sendStoredFile } from "../stored-files.ts"

const SCRIPT = "standalone.js"

/** The script styles what it draws inline; it may load nothing but the document. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Attribute values are HTML, hence the quotes. No fonts, no proxy, no telemetry: all of these live elsewhere. */
const CONFIGURATION = JSON.stringify({
  url: "/api/openapi.json",
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: "never",
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
}).replaceAll('"', "&quot;")

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Docket API</title>
<link rel="icon" href="/icon.svg">
</head>
<body>
<script id="api-reference" data-configuration="${CONFIGURATION}"></script>
<script src="/api/reference/${SCRIPT}"></script>
</body>
</html>
`

/** The API reference, drawn by @scalar/api-reference from `folder`, where the build put its one script. */
export function referencePage(folder: string) {
  let script: StoredFile | undefined
  return new Elysia({ name: "reference-page" })
    .get(
      "/api/reference",
      () =>
        new Response(PAGE, {
          headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY },
        }),
      { detail: { hide: true } },
    )
    .get(
      `/api/reference/${SCRIPT}`,
      ({ request }) => {
        const path = join(folder, SCRIPT)
        if (!script && !existsSync(path)) throw Problem.notFound("script; run `bun run build`")
        script ??= readStoredFile(path)
        return sendStoredFile(script, request, "no-cache")
      },
      { detail: { hide: true } },
    )
}
