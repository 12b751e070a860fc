import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/**
 * Hugging Face, as far as a deploy meets it: a Space's repository by git's own HTTP server, what the Hub says of the
 * Space, and the server in it, which starts anew at each push.
 */
export class FakeHub {
  readonly folder = mkdtempSync(join(tmpdir(), "docket-hub-"))
  readonly remote = join(this.folder, "owner/docket.git")
  readonly token = "hf_a-token-of-the-tests"
  stage = "RUNNING"
  /** What `/health` answers; null while nothing does. */
  startedAt: Date | null = null
  /** What becomes of the Space at a push. */
  onPush: () => void = () => this.restart()
  /** Every header of every request, to see what went over the wire. */
  readonly seen: string[] = []
  readonly #server = Bun.serve({ port: 0, fetch: (request) => this.#answer(request) })

  get url() {
    return `http://127.0.0.1:${this.#server.port}`
  }

  /** The server of a minute later: a test is done within one. */
  restart() {
    this.startedAt = new Date((this.startedAt?.getTime() ?? Date.now() - 3_600_000) + 60_000)
  }

  async create() {
    await run(["git", "init", "--quiet", "--bare", "--initial-branch=main", this.remote], this.folder)
    await run(["git", "config", "http.receivepack", "true"], this.remote)
  }

  /** What the Space's branch holds in `file`. */
  show(file: string) {
    return run(["git", "show", `main:${file}`], this.remote)
  }

  stop() {
    this.#server.stop(true)
    rmSync(this.folder, { recursive: true })
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    this.seen.push(request.url, JSON.stringify([...request.headers]))
    if (pathname === "/health")
      return this.startedAt
        ? Response.json({
            version: "1.2.3",
            status: "healthy",
            timestamp: new Date(),
            uptime: Math.floor((Date.now() - this.startedAt.getTime()) / 1000),
          })
        : new Response("<h1>Building</h1>", { status: 503 })
    if (pathname === "/api/spaces/owner/docket/runtime")
      return Response.json({ stage: this.stage, hardware: { current: "cpu-basic", requested: "cpu-basic" } })
    const basic = `Basic ${Buffer.from(`user:${this.token}`).toString("base64")}`
    if (request.headers.get("authorization") !== basic)
      return new Response("", { status: 401, headers: { "WWW-Authenticate": 'Basic realm="Hub"' } })
    return this.#git(request)
  }

  /** CGI, as git-http-backend(1) describes it. */
  async #git(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    const before = await main(this.remote)
    const child = Bun.spawn(["git", "http-backend"], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: this.folder,
        GIT_HTTP_EXPORT_ALL: "1",
        REMOTE_USER: "user",
        REQUEST_METHOD: request.method,
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        CONTENT_TYPE: request.headers.get("content-type") ?? "",
        HTTP_CONTENT_ENCODING: request.headers.get("content-encoding") ?? "",
        HTTP_GIT_PROTOCOL: request.headers.get("git-protocol") ?? "",
      },
      stdin: await request.arrayBuffer().then((body) => new Blob([body])),
      stdout: "pipe",
      stderr: "inherit",
    })
    const output = Buffer.from(await new Response(child.stdout).arrayBuffer())
    const end = output.indexOf("\r\n\r\n")
    const headers = output.subarray(0, end).toString().split("\r\n")
    const pairs = headers.map((line) => line.split(/: (.*)/, 2) as [string, string])
    const status = Number(pairs.find(([name]) => name === "Status")?.[1]?.slice(0, 3) ?? 200)
    if ((await main(this.remote)) !== before) this.onPush()
    return new Response(output.subarray(end + 4), {
      status,
      headers: pairs.filter(([name]) => name !== "Status"),
    })
  }
}

const main = (repository: string) => run(["git", "rev-parse", "main"], repository).catch(() => "")

async function run(command: string[], cwd: string): Promise<string> {
  const child = Bun.spawn(command, { cwd, stdout: "pipe", stderr: "pipe" })
  const [output, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: ${complaint}`)
  return output.trim()
}
