import { command } from "./command.ts"
import { needSwarm } from "./environments/environment.ts"
import { INSTEAD } from "./hosted/refusals.ts"
import { ofAsked } from "./log-lines.ts"
import { Refusal } from "./refusal.ts"
import { Engine } from "./swarm/engine.ts"
import type { Service, Task } from "./swarm/engine-types.ts"
import { listReleases } from "./swarm/release-records.ts"

const MOST_LINES = 10_000

export default command({
  name: "logs",
  description: "Prints what a service has written: the server's by default, of all its replicas.",
  examples: [
    "bun run ops logs production",
    "bun run ops logs production --follow --lines 20",
    "bun run ops logs production --service traefik --since 10m",
    "bun run ops logs production --since 1h --request 0199c0de-7a3b-7000-8000-000000000000",
    "bun run ops logs production --since 1h --account 0199c0de-7a3b-7000-8000-000000000000",
    "bun run ops logs production --release 41",
    "bun run ops logs production --service migrate",
  ],
  arguments: {
    service: {
      type: "string",
      default: "server",
      description:
        "server, traefik, socket-proxy, database; migrate, roles or trial, of the last one that failed",
    },
    lines: { type: "string", default: "200", description: `How many, for each task; at most ${MOST_LINES}` },
    since: { type: "string", description: "A time (2026-01-31T12:00:00) or how long ago (10m, 2h)" },
    release: { type: "string", description: "Only of that release's tasks, also those that have failed" },
    request: {
      type: "string",
      description: "Only of the request of that id, as X-Request-Id and problems tell it",
    },
    account: { type: "string", description: "Only of requests of that account" },
    follow: { type: "boolean", description: "Go on until Ctrl-C" },
  },
  run: async ({ environment: given, arguments: asking }) => {
    const { service, lines, since, release, request, account, follow, json } = asking
    const environment = needSwarm(given, given.kind === "hosted" ? INSTEAD.logs(given) : "")
    if (!/^\d{1,5}$/.test(lines) || Number(lines) > MOST_LINES)
      throw new Refusal(2, `--lines must be a number up to ${MOST_LINES}.`)
    if (since !== undefined && !/^(\d+[smh]|\d{4}-\d\d-\d\d(T[\d:.]+Z?)?)$/.test(since))
      throw new Refusal(2, "--since must be a time as in 2026-01-31T12:00:00, or how long ago as in 10m.")
    if (follow && json) throw new Refusal(2, "--follow has no end, so it goes with no --json.")
    if (follow && (request || account))
      throw new Refusal(2, "--follow prints everything, so it goes with neither --request nor --account.")
    await using engine = await Engine.open(environment)
    const name = `${environment.stack}_${service}`
    const found = await engine.find<Service>(`/services/${name}`)
    if (!found)
      throw new Refusal(
        2,
        `${environment.name} has no service "${service}". It has: ${await namesOf(engine, environment.stack)}.`,
      )
    const sources = release === undefined ? [name] : await tasksOf(engine, environment.stack, found, release)
    const flags = [
      "--timestamps",
      // Those of one request may be anywhere; how many are shown is cut afterwards.
      `--tail=${request || account ? MOST_LINES : lines}`,
      ...(since ? [`--since=${since}`] : []),
      ...(follow ? ["--follow"] : []),
    ]
    if (follow) return followed(engine, [...flags, sources[0]!])
    const lists: string[][] = []
    for (const source of sources) lists.push(await written(engine, [...flags, source]))
    const asked = { requestId: request ?? null, accountId: account ?? null }
    const all = ofAsked(lists.flat(), asked).slice(request || account ? -Number(lines) : 0)
    return {
      text:
        all.join("\n") ||
        (request || account ? "It has written nothing of that." : "It has written nothing."),
      facts: { service: name, lines: all },
    }
  },
})

/** What was written on both streams, which the command keeps apart; each line begins with its time. */
async function written(engine: Engine, args: string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await engine.docker(["service", "logs", ...args])
  if (exitCode !== 0) throw new Refusal(1, `docker service logs failed: ${stderr.slice(-1000)}`)
  return `${stdout}\n${stderr}`.split("\n").filter(Boolean).sort()
}

/** Straight to our own output, until Ctrl-C, which is how it is meant to end. */
async function followed(engine: Engine, args: string[]) {
  const child = Bun.spawn(["docker", "service", "logs", ...args], {
    env: { ...process.env, ...engine.variables },
    stdio: ["ignore", "inherit", "inherit"],
  })
  process.on("SIGINT", () => child.kill())
  const exitCode = await child.exited
  if (exitCode !== 0 && !child.signalCode && exitCode !== 130)
    throw new Refusal(1, `docker service logs ended with ${exitCode}.`)
  return { text: "", facts: {} }
}

async function namesOf(engine: Engine, stack: string): Promise<string> {
  const services = await engine.list<Service>("/services")
  const own = services.map(({ Spec }) => Spec.Name).filter((name) => name.startsWith(`${stack}_`))
  return own.map((name) => name.slice(stack.length + 1)).join(", ") || "none"
}

/** The ids of the tasks that ran a release, oldest first: the Swarm keeps the last few of each replica. */
async function tasksOf(engine: Engine, stack: string, service: Service, number: string): Promise<string[]> {
  const record = (await listReleases(engine, stack)).find((release) => `${release.number}` === number)
  if (!record) throw new Refusal(2, `Release ${number} is not on record. See: bun run ops releases`)
  const tasks = await engine.list<Task>("/tasks", { service: [service.ID] })
  const own = tasks.filter(({ Spec }) => Spec.ContainerSpec.Image === record.image)
  if (own.length === 0) throw new Refusal(1, `No task of release ${number} is remembered any more.`)
  return own.sort((one, other) => one.CreatedAt.localeCompare(other.CreatedAt)).map(({ ID }) => ID)
}
