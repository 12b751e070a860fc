import { join } from "node:path"
import { version } from "../package.json"

/** Bundled, everything is beside `dist/server`; otherwise this file is in `server` of the sources. */
const bundled = import.meta.dir.endsWith("/dist/server")
const root = join(import.meta.dir, bundled ? "../.." : "..")

export { version }

/** The folder of this release's migrations. */
export const migrations = join(root, "migrations")

/** What the build made; the API reference's script is its package's until it was copied. */
export const folders = {
  page: join(root, "dist/page"),
  reference: join(root, bundled ? "dist/reference" : "node_modules/@scalar/api-reference/dist/browser"),
}
