import { join } from "node:path"
import { replicasOf } from "../swarm/rollout.ts"
import { deriveServer } from "../test-deploy/images.ts"
import type { Site } from "../test-deploy/site.ts"
import { type Change, Stack } from "../test-deploy/stack.ts"
import { docker } from "../testing/engine.ts"
import type { LoadAnswer, Question, StreamsAnswer } from "./question.ts"

export type Part = "server" | "traefik" | "database"
const PARTS: Part[] = ["server", "traefik", "database"]

/** Requests a second, milliseconds, and the processor time that each part used meanwhile, in milliseconds. */
export type Loaded = LoadAnswer & { rate: number; processor: Record<Part, number> }
/** `grown` in bytes; `busy` in processors. */
export type Held = {
  seconds: number
  refused: number
  grown: Record<"server" | "traefik", number>
  busy: Record<"server" | "traefik", number>
}

/** Seconds after which what opening streams leaves behind is given back. */
const SETTLE = 15
/** Seconds over which idle streams are watched. */
const WATCH = 30
const HOLD = SETTLE + WATCH + 15

/** The stack that is measured, with a client beside it. */
export class BenchStack {
  private constructor(
    private readonly stack: Stack,
    private readonly clientImage: string,
  ) {}

  /** Raises it with `people` in its database. */
  static async raise(site: Site, people: number): Promise<BenchStack> {
    const stack = await Stack.of(site, "scale", {
      replicas: 1,
      limits: { server: { memory: "1G" }, traefik: { memory: "1G" } },
    })
    const image = await deriveServer(site.image, "client", await clientLines())
    const bench = new BenchStack(stack, image)
    try {
      await stack.raise(site.image, bench.named)
      await bench.ask({ do: "seed", people })
      await stack.psql("vacuum analyze")
      return bench
    } catch (error) {
      await stack.end()
      throw error
    }
  }

  async scale(replicas: number) {
    if (replicasOf((await this.stack.service("server")).Spec) === replicas) return
    await docker("service", "scale", "--detach", `${this.stack.name}_server=${replicas}`)
    await this.stack.settled()
    // For Traefik to know of it, and for the task that goes to be gone.
    await Bun.sleep(20_000)
  }

  async load(question: {
    way: "server" | "traefik"
    request: Extract<Question, { do: "load" }>["request"]
    seconds: number
  }): Promise<Loaded> {
    const { way, request, seconds } = question
    const before = await this.processor()
    const answer = await this.ask<LoadAnswer>({ do: "load", origin: this.origin(way), request, seconds })
    const after = await this.processor()
    const processor = Object.fromEntries(PARTS.map((part) => [part, after[part] - before[part]])) as Record<
      Part,
      number
    >
    return { ...answer, rate: (answer.requests / answer.elapsed) * 1000, processor }
  }

  /** Holds `count` idle streams and looks at what they take. */
  async streams(way: "server" | "traefik", count: number): Promise<Held> {
    const before = await this.memory()
    let isOver = false
    const over = this.ask<StreamsAnswer>({
      do: "streams",
      origin: this.origin(way),
      count,
      holdSeconds: HOLD,
    }).finally(() => {
      isOver = true
    })
    over.catch(() => {})
    while (!isOver && !(await this.said()).includes("openedAfterSeconds")) await Bun.sleep(500)
    await Bun.sleep(SETTLE * 1000)
    const after = await this.memory()
    const processorBefore = await this.processor()
    await Bun.sleep(WATCH * 1000)
    const processorAfter = await this.processor()
    const { openedAfterSeconds, refused } = await over
    const busy = (part: Part) => (processorAfter[part] - processorBefore[part]) / (WATCH * 1000)
    return {
      seconds: openedAfterSeconds,
      refused,
      grown: { server: after.server - before.server, traefik: after.traefik - before.traefik },
      busy: { server: busy("server"), traefik: busy("traefik") },
    }
  }

  end() {
    return this.stack.end()
  }

  /** Traefik under the page's name, for the client inside: certificates are verified as everywhere. */
  private readonly named: Change = ({ services }) => {
    Object.assign(services.traefik!, {
      networks: { edge: { aliases: [this.stack.environment.domains[0]] }, socket: {} },
    })
  }

  private origin(way: "server" | "traefik") {
    return way === "server" ? "http://server:8000" : `https://${this.stack.environment.domains[0]}`
  }

  private async ask<Answer>(question: Question): Promise<Answer> {
    const authority = await this.stack.site.authority.roots()
    const output = await this.stack.runOnce("client", this.clientImage, {
      command: [
        "sh",
        "-c",
        `printf %s "$AUTHORITY" > /tmp/authority.pem && exec bun /client.js '${JSON.stringify(question)}'`,
      ],
      variables: [`AUTHORITY=${authority}`, "NODE_EXTRA_CA_CERTS=/tmp/authority.pem"],
      networks: [`${this.stack.name}_data`, `${this.stack.name}_edge`],
      secrets: await this.stack.secrets(["database-url", "database-owner-url", "jwt-secret-key"]),
      seconds: 300,
    })
    const line = output.split("\n").findLast((text) => text.startsWith("{"))
    if (!line) throw new Error(`The client gave no answer: ${output}`)
    return JSON.parse(line) as Answer
  }

  /** What the client has written so far. */
  private async said(): Promise<string> {
    return this.stack.engine.serviceLogs(`${this.stack.name}_client`, 10).catch(() => "")
  }

  private async processor(): Promise<Record<Part, number>> {
    return this.each((stats) => stats.cpu_stats.cpu_usage.total_usage / 1e6)
  }

  /** Without the page cache. */
  private async memory(): Promise<Record<Part, number>> {
    return this.each(({ memory_stats: { usage, stats } }) => usage - (stats.inactive_file ?? 0))
  }

  /** Of each part, the sum over its containers. */
  private async each(figure: (stats: Stats) => number): Promise<Record<Part, number>> {
    const sums = await Promise.all(
      PARTS.map(async (part) => {
        const ids = await this.stack.containers(part)
        const figures = await Promise.all(
          ids.map(async (id) =>
            figure(
              await this.stack.engine.get<Stats>(`/containers/${id}/stats`, {
                stream: "false",
                "one-shot": "true",
              }),
            ),
          ),
        )
        return [part, figures.reduce((sum, next) => sum + next, 0)]
      }),
    )
    return Object.fromEntries(sums)
  }
}

/** Of the Engine API's `GET /containers/ID/stats`; processor time in nanoseconds, memory in bytes. */
type Stats = {
  cpu_stats: { cpu_usage: { total_usage: number } }
  memory_stats: { usage: number; stats: { inactive_file?: number } }
}

/** Of a Dockerfile. In base64: a here-document knows no long lines, and sees others in a program. */
async function clientLines(): Promise<string[]> {
  const { outputs } = await Bun.build({
    entrypoints: [join(import.meta.dir, "client.ts")],
    target: "bun",
    minify: true,
  })
  const encoded = Buffer.from(await outputs[0]!.arrayBuffer()).toString("base64")
  return [
    `COPY <<"END_OF_CLIENT" /tmp/client`,
    ...encoded.match(/.{1,1000}/g)!,
    "END_OF_CLIENT",
    "USER 0:0",
    "RUN base64 -d /tmp/client > /client.js",
    "USER 1000:1000",
  ]
}
