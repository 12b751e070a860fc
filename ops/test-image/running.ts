import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { check, expect } from "../testing/check.ts"
import { attempt, docker } from "../testing/engine.ts"
import { database, image, network } from "./names.ts"
import {
  age,
  databaseUrl,
  end,
  exitCode,
  hardened,
  healthy,
  originOf,
  psql,
  request,
  type Server,
  secretKey,
  startServer,
} from "./server.ts"

/** The longest from the engine's start of the container to a healthy answer, in seconds. */
const LONGEST_START = 1
/** The most resident memory at rest, in bytes. */
const MOST_MEMORY = 100_000_000
const REST_SECONDS = 5

export const person = { email: "ada@example.org", password: "a long enough password" }

/** Starts on an empty database, hardened, and does what people and operators do with it. */
export async function checkRunning() {
  const server = await startServer("server", { variables: { FRONTEND_URL: "http://localhost:8000" } })
  await check("starts on an empty database with a read-only root and no capability", async () => {
    const { version } = await healthy(server)
    const label = '{{index .Config.Labels "org.opencontainers.image.version"}}'
    expect(
      version === (await docker("image", "inspect", "--format", label, image)),
      `it calls itself ${version}`,
    )
    return `${(await age(server)).toFixed(2)} s, migrations included`
  })
  await check("applied every migration", async () => {
    const files = await readdir(join(import.meta.dir, "../../migrations"))
    const applied = Number(await psql("select count(*) from migrations"))
    expect(applied === files.filter((name) => name.endsWith(".sql")).length, `it applied ${applied}`)
    return `${applied}`
  })
  await check("runs as user 1000 without capabilities or a way to gain them", async () => {
    const status = await docker("exec", server.name, "cat", "/proc/1/status")
    for (const line of [
      "Uid:\t1000\t1000",
      "CapEff:\t0000000000000000",
      "CapBnd:\t0000000000000000",
      "NoNewPrivs:\t1",
    ])
      expect(status.includes(line), `no ${line} in ${status}`)
  })
  await check("becomes healthy for Docker", async () => {
    for (let tries = 0; tries < 100; tries++) {
      if ((await docker("inspect", "--format", "{{.State.Health.Status}}", server.name)) === "healthy") return
      await Bun.sleep(200)
    }
    throw new Error(await docker("inspect", "--format", "{{json .State.Health}}", server.name))
  })

  await check("serves the page, its assets and its routes", async () => {
    const page = await fetch(`${server.origin}/sign-in`, { headers: { Accept: "text/html" } })
    const html = await page.text()
    expect(page.status === 200 && html.includes("<title>"), `${page.status} ${html.slice(0, 200)}`)
    expect(!!page.headers.get("content-security-policy"), "it has no Content-Security-Policy")
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1]
    expect(!!script, "the page names no script")
    const asset = await fetch(server.origin + script, { headers: { "Accept-Encoding": "br" } })
    expect(asset.status === 200, `${script} is ${asset.status}`)
    expect(asset.headers.get("content-encoding") === "br", "its script is not compressed")
    expect(!!asset.headers.get("cache-control")?.includes("immutable"), "its script is not kept")
    const gone = await fetch(`${server.origin}/assets/gone.js`, { headers: { Accept: "text/html" } })
    expect(gone.status === 404, `an asset that is gone is ${gone.status}`)
  })
  await check("serves the API's reference, with nothing from elsewhere", async () => {
    const page = await fetch(`${server.origin}/api/reference`)
    const html = await page.text()
    const script = /src="(\/[^"]+\.js)"/.exec(html)?.[1]
    expect(page.status === 200 && !!script, `${page.status} ${html.slice(0, 200)}`)
    expect((await fetch(server.origin + script)).status === 200, `${script} is not there`)
  })
  await check("registers, signs in, and keeps a todo", async () => {
    const made = await request(server, "POST", "/api/accounts", { ...person, name: "Ada" })
    expect(made.status === 201, `register: ${JSON.stringify(made)}`)
    const token = await signIn(server, person.password)
    const todo = await request(server, "POST", "/api/todos", { title: "Water the plants" }, token)
    expect(todo.status === 201, `create: ${JSON.stringify(todo)}`)
    const { body } = await request(server, "GET", "/api/todos", undefined, token)
    expect(body.items?.[0]?.title === "Water the plants", `list: ${JSON.stringify(body)}`)
  })
  await check("prints a link to choose a new password, which works", async () => {
    const printed = await docker("exec", server.name, "bun", "reset-link", person.email)
    const token = /[#=/]([\w-]{40,})\s*$/m.exec(printed)?.[1]
    expect(!!token, `it printed ${printed}`)
    const password = "another long password"
    const reset = await request(server, "POST", "/api/password-resets/confirmation", { token, password })
    expect(reset.status === 204, `reset: ${JSON.stringify(reset)}`)
    person.password = password
    await signIn(server, password)
  })
  await check("migrates by itself, for a deploy that does it first", async () => {
    await psql("create database elsewhere")
    const migrate = (url: string) => {
      const variables = ["--env", `DATABASE_URL=${url}`, "--env", `JWT_SECRET_KEY=${secretKey}`]
      return attempt("run", "--rm", "--network", network, ...hardened, ...variables, image, "bun", "migrate")
    }
    for (const url of [databaseUrl.replace(/docket$/, "elsewhere"), databaseUrl]) {
      const ran = await migrate(url)
      expect(ran.exitCode === 0, ran.output)
    }
  })

  await check("stops on SIGTERM within 5 s and starts healthy within 1 s", async () => {
    const starts: number[] = []
    const stops: number[] = []
    // The machine may do other things too: the best start of at least two, and of five at most.
    while (starts.length < 2 || (Math.min(...starts) > LONGEST_START && starts.length < 5)) {
      stops.push(await end(server))
      expect((await exitCode(server)) === 0, `it ended with ${await exitCode(server)}`)
      await docker("start", server.name)
      server.origin = await originOf(server.name)
      await healthy(server)
      const seconds = await age(server)
      starts.push(seconds - (await queuedSeconds(server)))
    }
    expect(Math.min(...starts) <= LONGEST_START, `it started in ${starts.join(", ")} s`)
    expect(Math.max(...stops) <= 5, `it stopped in ${stops.join(", ")} s`)
    const figures = (seconds: number[]) => seconds.map((figure) => figure.toFixed(2)).join(", ")
    return `starts ${figures(starts)} s; stops ${figures(stops)} s`
  })
  await check("rests in at most 100 MB of memory", async () => {
    await Bun.sleep(REST_SECONDS * 1000)
    const status = await docker("exec", server.name, "cat", "/proc/1/status")
    const bytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
    expect(bytes <= MOST_MEMORY, `it holds ${bytes} bytes`)
    return `${(bytes / 1e6).toFixed(0)} MB`
  })
  await check("waits for a database that starts later", async () => {
    await docker("stop", database)
    await docker("restart", server.name)
    server.origin = await originOf(server.name)
    await Bun.sleep(500)
    await docker("start", database)
    await healthy(server)
  })
  await docker("rm", "--force", server.name)
}

/**
 * Seconds that the server's main thread was ready to run while others had the processor, since it began: none on a
 * machine that does nothing else, most of the time on a busy one. From the kernel's scheduler statistics.
 */
async function queuedSeconds({ name }: Server) {
  const [, nanoseconds] = (await docker("exec", name, "cat", "/proc/1/schedstat")).split(" ")
  return Number(nanoseconds) / 1e9
}

async function signIn(server: Server, password: string): Promise<string> {
  const session = await request(server, "POST", "/api/sessions", { email: person.email, password })
  expect(session.status === 201, `sign-in: ${JSON.stringify(session)}`)
  return session.body.accessToken
}
