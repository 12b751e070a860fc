/**
 * `bun ops/hosted/vercel.ts <environment>`: writes `.vercel/output`, which `vercel deploy --prebuilt` uploads as it is
 * (Vercel's Build Output API, version 3): the page that `bun run build` left in dist/page, and the routes of
 * client/vercel.json with the environment's API.
 */
import { cp, mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import {
  appendRoutesToPhase,
  getTransformedRoutes,
  type Route,
  type RouteWithSrc,
} from "@vercel/routing-utils"
import vercel from "../../client/vercel.json"
import { folders } from "../../server/release.ts"
import { readEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import { addressOfSpace } from "./running.ts"

export const OUTPUT = join(import.meta.dir, "../../.vercel/output")

/** Stands in client/vercel.json for the API's origin, and can never be deployed: the domain is reserved (RFC 2606). */
const PLACEHOLDER = "https://api.invalid"
/** The variable of the Vercel project that holds the same as the server's `PROXY_SECRET`. */
const SECRET = "PROXY_SECRET"
/** What `bun run build` stores beside a file for the server; Vercel compresses by itself. */
const STORED_COMPRESSED = /\.(br|gz|zst)$/
const NOT_FOUND = "not-found.txt"

/** Fills `output` for the API at `api` (an origin). Throws a `Refusal` when the page has not been built. */
export async function writeVercelOutput(api: string, page = folders.page, output = OUTPUT) {
  if (!(await Bun.file(join(page, "index.html")).exists()))
    throw new Refusal(3, `There is no page in ${page}. Run \`bun run build\` first.`)
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  await cp(page, join(output, "static"), {
    recursive: true,
    filter: (path) => !STORED_COMPRESSED.test(path),
  })
  await Bun.write(join(output, "static", NOT_FOUND), "There is nothing here.\n")
  await Bun.write(
    join(output, "config.json"),
    JSON.stringify({ version: 3, routes: vercelRoutes(api) }, null, 2),
  )
}

/**
 * The routes of client/vercel.json as Vercel runs them, and what that file cannot say: the secret on what goes to the
 * API, hashed files kept for ever only where they were found, and a plain text for what is nowhere.
 */
export function vercelRoutes(api: string): Route[] {
  const { routes, error } = getTransformedRoutes({
    headers: vercel.headers,
    rewrites: vercel.rewrites.map((rewrite) => ({
      ...rewrite,
      destination: rewrite.destination.replace(PLACEHOLDER, api),
    })) as never,
  })
  if (error || !routes) throw new Error(`client/vercel.json cannot be compiled: ${error?.message}`)
  const signed = routes.map((route) =>
    "dest" in route && route.dest?.startsWith(`${api}/`) ? { ...route, ...withSecret } : route,
  )
  const found = appendRoutesToPhase({ routes: signed, newRoutes: [KEPT_FOR_EVER], phase: "hit" })
  return appendRoutesToPhase({ routes: found, newRoutes: [NOWHERE], phase: "error" })
}

/** Put in by Vercel when a request comes, so it stands in no file; what a caller sends by this name is replaced. */
const withSecret = {
  transforms: [
    {
      type: "request.headers",
      op: "set",
      target: { key: "x-proxy-secret" },
      args: `$${SECRET}`,
      env: [SECRET],
    },
  ],
} satisfies Partial<RouteWithSrc>

const KEPT_FOR_EVER: Route = {
  src: "^/assets/.+$",
  headers: { "Cache-Control": "public, max-age=31536000, immutable" },
  continue: true,
}
const NOWHERE: Route = { src: "^/.*$", status: 404, dest: `/${NOT_FOUND}` }

if (import.meta.main) {
  try {
    const environment = await readEnvironment(process.argv[2] ?? "hosted")
    if (environment.kind !== "hosted")
      throw new Refusal(3, `${environment.name} is a Swarm, and serves its page itself.`)
    const api = addressOfSpace(environment.space)
    await writeVercelOutput(api)
    console.log(`.vercel/output holds the page for ${environment.frontend}, with its API at ${api}.`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.error(error.message)
    process.exit(error.code)
  }
}
