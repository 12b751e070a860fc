import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { deriveServer } from "./images.ts"
import type { Site } from "./site.ts"

/** The number of the newest migration that the real image ships. */
export const shipped = async () =>
  (await readdir(join(import.meta.dir, "../../migrations"))).filter((name) => name.endsWith(".sql")).length

/** The real image, and one more thing in it that is wrong or new. Each is built once for a run. */
export const another = (site: Site, title: string) =>
  deriveServer(site.image, title, [`LABEL docket.test=${title}`])

/** Whoever asks whether it is healthy hears no. */
export const neverHealthy = (site: Site) =>
  deriveServer(site.image, "never-healthy", ['HEALTHCHECK CMD ["false"]'])

/** It is healthy, and ends after 20 s. */
export const crashing = (site: Site) =>
  deriveServer(site.image, "crashing", [
    `CMD ["bun", "-e", "setTimeout(() => { console.error('out of luck'); process.exit(1) }, 20000); await import('/app/dist/server/main.js')"]`,
  ])

/** It is healthy until somebody is sent to it, and ends 3 s after. */
export const endsInUse = (site: Site) =>
  deriveServer(site.image, "ends-in-use", [`CMD ${JSON.stringify(["bun", "-e", ENDS_IN_USE])}`])

/** Connections are in /proc/net/tcp (proc(5)): port 8000, established, from elsewhere. */
const ENDS_IN_USE = String.raw`
  const { readFileSync } = require("fs")
  const lines = () => ["tcp", "tcp6"].flatMap((name) => readFileSync("/proc/net/" + name, "utf8").split("\n"))
  const isUsed = (line) => /:1F40 \S+ 01 /.test(line) && !/:1F40 \S*0100007F:/.test(line)
  const end = () => { console.error("out of luck"); process.exit(1) }
  const timer = setInterval(() => lines().some(isUsed) && (clearInterval(timer), setTimeout(end, 3000)), 100)
  await import("/app/dist/server/main.js")`

/** It is healthy and answers, but the page's scripts are missing: what only someone who looks from outside sees. */
export const withoutScripts = (site: Site) =>
  deriveServer(site.image, "without-scripts", [
    "USER 0",
    "RUN find /app/dist/page -name '*.js*' -delete",
    "USER 1000:1000",
  ])

/** Ships migrations after the real ones: each a text, and the oldest release that it serves. */
export const migrating = (site: Site, title: string, migrations: { serves: number; text: string }[]) =>
  shipped().then((last) =>
    deriveServer(site.image, title, [
      "USER 0",
      ...migrations.map(({ serves, text }, index) => {
        const name = `${String(last + index + 1).padStart(4, "0")}_test_${index + 1}.sql`
        return `RUN printf '%s\\n' '-- serves: ${serves}' '${text}' > /app/migrations/${name}`
      }),
      "USER 1000:1000",
    ]),
  )
