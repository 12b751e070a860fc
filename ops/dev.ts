/** `bun dev`: PostgreSQL, the API, a mailbox and the page, each reloading, until Ctrl-C. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startEmbedded } from "../server/database/embedded.ts"
import { CannotEmbed } from "../server/database/embedded-home.ts"
import { developmentApi } from "./development-api.ts"
import { whenLauncherEnds } from "./launchers.ts"
import { busyPort, portFrom } from "./ports.ts"

const ROOT = join(import.meta.dir, "..")
const ports = {
  PAGE_PORT: portFrom("PAGE_PORT", 5173),
  PORT: portFrom("PORT", 8000),
  MAILBOX_PORT: portFrom("MAILBOX_PORT", 8025),
}
const page = `http://localhost:${ports.PAGE_PORT}`

/** What to end, in the order it was started. */
const running: (() => unknown)[] = []
stopWith("SIGINT", "SIGTERM", "SIGHUP")
whenLauncherEnds(stop)

try {
  await start()
} catch (error) {
  if (!(error instanceof CannotEmbed)) throw error
  await stop(error.message)
}

async function start() {
  // The mailbox's and Vite's modules take longer to load than PostgreSQL and the API to start: side by side.
  const loading = import("./mailbox/mailbox.ts")
  const database = await startEmbedded("development", { checkout: ROOT })
  running.push(database.stop)
  const busy = await busyPort(ports)
  if (busy) return stop(busy)

  const mailbox = await (await loading).startMailbox({ port: ports.MAILBOX_PORT })
  running.push(mailbox.stop)

  const api = developmentApi(ROOT, {
    ...mailbox.environment,
    ENVIRONMENT: "development",
    DATABASE_URL: database.url("postgres"),
    JWT_SECRET_KEY: keptSecret(join(database.folder, "jwt-secret-key")),
    FRONTEND_URL: page,
    SMTP_FROM_EMAIL: "Docket <docket@localhost>",
    PORT: `${ports.PORT}`,
    // Vite's development server passes requests on, and says for whom.
    TRUSTED_PROXIES: "127.0.0.1,::1",
  })
  running.push(api.stop)

  const vite = await startPage()
  running.push(() => vite.close())
  if (!(await api.ready)) return stop("The API did not start: what it says is above.")
  console.log(
    block({
      Page: page,
      Letters: mailbox.url,
      API: `${page}/api/reference`,
      ...(database.moved && { Data: database.folder }),
    }),
  )
}

async function startPage() {
  process.env.API_PORT = `${ports.PORT}`
  const { createServer } = await import("vite")
  const vite = await createServer({
    configFile: join(ROOT, "client/vite.config.ts"),
    logLevel: "warn",
    clearScreen: false,
    server: {
      host: "127.0.0.1",
      port: ports.PAGE_PORT,
      strictPort: true,
      proxy: { "/health": `http://127.0.0.1:${ports.PORT}` },
    },
  })
  return vite.listen()
}

/** Made once and kept beside the data, so that a restart signs nobody out. */
function keptSecret(path: string): string {
  if (!existsSync(path)) {
    const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(36))).toString("base64url")
    writeFileSync(path, secret, { mode: 0o600 })
  }
  return readFileSync(path, "utf8")
}

function block(places: Record<string, string>): string {
  const lines = Object.entries(places).map(([what, where]) => `  ${what.padEnd(9)}${where}`)
  return ["", "  Docket runs. Ctrl-C ends it; the data stay.", "", ...lines, ""].join("\n")
}

/** A signal to the whole group arrives twice, since `bun run` passes its own on; a later one means now. */
function stopWith(...signals: NodeJS.Signals[]) {
  let first = 0
  for (const signal of signals)
    process.on(signal, () => {
      if (first === 0) stop()
      else if (performance.now() - first > 500) process.exit(1)
      first ||= performance.now()
    })
}

async function stop(fault?: string) {
  if (fault) console.error(`\n  ${fault}\n`)
  for (const end of running.splice(0).reverse()) await end()
  process.exit(fault ? 1 : 0)
}
