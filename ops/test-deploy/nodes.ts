import { generateSecrets } from "../secrets/generate.ts"
import { isRunning } from "../swarm/rollout.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { startLoad } from "./load/load.ts"
import { SecondNode, secondEngine } from "./nodes/second-node.ts"
import { ops } from "./operator.ts"
import { removeStack } from "./remove-stack.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"
import { underLoad } from "./under-load.ts"

const BACK_WITHIN_SECONDS = 30
/** Seconds that are watched after a fault: until the Swarm has given the node up, and its tasks run elsewhere. */
const WATCHED = 60
/** Seconds after which a client gives up on a stream of which nothing is heard (load/streams.ts), and a little more. */
const STREAM_SILENCE = 40
const SETTLING = 15

/** Whether the section can run; the sentence says what it lacks. */
export const missingNode = secondEngine
  ? undefined
  : "SECOND_DOCKER_HOST is not set: another engine, in no Swarm, that the first one reaches by network."

/** A worker that is drained costs nothing, one that dies little, and the database stays where its volume is. */
export async function checkNodes(site: Site) {
  if (!secondEngine) throw new Error(missingNode)
  const node = await SecondNode.join(site, secondEngine)
  const stack = await Stack.of(site, "nodes")
  try {
    await removeStack(stack.name)
    await generateSecrets(stack.engine, stack.environment, false)
    await check("a deploy brings the release to every node, and its replicas spread over them", async () => {
      const done = await ops("deploy", stack.environment.path, site.image)
      expect(done.exitCode === 0, `${done.said.message}\n${done.told}`)
      await stack.certified()
      expect(await node.hasImage(site.image), "the worker does not have the image")
      const nodes = (await stack.tasks("server")).filter(isRunning).map(({ NodeID }) => NodeID)
      expect(nodes.length === 2 && nodes.includes(node.id) && nodes[0] !== nodes[1], `replicas on ${nodes}`)
      return `${done.seconds.toFixed(0)} s`
    })
    const database = await databaseTask(stack)
    await check("a drained worker costs no request", () => drain(stack, node))
    await check("a worker that dies costs little: service is back within 30 s", () => kill(stack, node))
    await check("neither touches the database's task", async () => {
      const now = await databaseTask(stack)
      expect(now === database, `${database} became ${now}`)
    })
    await check("without its node the database waits, and starts on no other with an empty volume", () =>
      drainFirst(stack, node),
    )
  } finally {
    await node.setAvailability("active")
    await stack.end()
    await node.leave()
  }
}

async function drain(stack: Stack, node: SecondNode): Promise<string> {
  const { line } = await underLoad(stack, async () => {
    await node.setAvailability("drain")
    await Bun.sleep(2000)
    await stack.settled()
    await Bun.sleep(SETTLING * 1000)
    expect(!(await runsOn(stack, node.id)), "a replica still runs on the drained node")
    // Back it takes no replica by itself: whoever wants one there says so.
    await node.setAvailability("active")
    await startAnew(stack)
  })
  expect(await runsOn(stack, node.id), "no replica came back to the node")
  return line
}

/** Has the Swarm place each replica once more. */
async function startAnew(stack: Stack) {
  await docker("service", "update", "--force", "--detach", `${stack.name}_server`)
  await Bun.sleep(3000)
  await stack.settled()
}

/** Places one replica on each node: the replicas that an update starts may all come to the same one. */
async function spread(stack: Stack) {
  const nodes = async () =>
    new Set((await stack.tasks("server")).filter(isRunning).map(({ NodeID }) => NodeID))
  for (let tries = 0; (await nodes()).size < 2; tries++) {
    expect(tries < 5, "both replicas came to one node five times")
    await startAnew(stack)
  }
}

async function kill(stack: Stack, node: SecondNode): Promise<string> {
  await spread(stack)
  const count = async () => Number(await stack.psql("select count(*) from todos"))
  const before = await count()
  const load = await startLoad(stack.site)
  const { report } = load
  let fault = 0
  let down = 0
  try {
    await Bun.sleep(3000)
    await node.cutOff(WATCHED + 15)
    fault = performance.now()
    await node.until("down")
    down = (performance.now() - fault) / 1000
    await Bun.sleep(fault + WATCHED * 1000 - performance.now())
  } finally {
    await load.stop()
  }
  const figures = `${report.line}: ${report.kinds}`
  const isStream = ({ request }: { request: string }) => request === "stream"
  const told = (failures: typeof report.failures) =>
    Math.max(0, ...failures.map(({ endedAt }) => (endedAt - fault) / 1000))
  const back = report.backAfter(fault)
  expect(back < BACK_WITHIN_SECONDS, `the last failure was sent after ${back.toFixed(1)} s; ${figures}`)
  const answered = told(report.failures.filter((failure) => !isStream(failure)))
  expect(answered < BACK_WITHIN_SECONDS, `the last was told after ${answered.toFixed(1)} s; ${figures}`)
  const streams = told(report.failures.filter(isStream))
  expect(streams < STREAM_SILENCE, `a stream was given up after ${streams.toFixed(1)} s; ${figures}`)
  const added = (await count()) - before
  expect(added >= report.written, `${report.written} writes were answered, ${added} are in the database`)
  await node.until("ready", 90)
  await stack.settled()
  return `back after ${back.toFixed(1)} s, given up by the Swarm after ${down.toFixed(0)} s; ${figures}`
}

/** Drains the node that the stack was made on, with Traefik, the socket proxy and the database. */
async function drainFirst(stack: Stack, node: SecondNode): Promise<string> {
  const rows = await stack.psql("select count(*) from todos")
  const first = await docker("info", "--format", "{{.Swarm.NodeID}}")
  await docker("node", "update", "--availability", "drain", first)
  try {
    const away = async () => (await stack.tasks("database")).every((task) => !isRunning(task))
    for (let tries = 0; !(await away()); tries++) {
      expect(tries < 150, "the database still runs on the drained node")
      await Bun.sleep(1000)
    }
    await Bun.sleep(10_000)
    const tasks = await stack.tasks("database")
    expect(!tasks.some(({ NodeID }) => NodeID === node.id), "the database came to the other node")
    expect(tasks[0]!.Status.State === "pending", `the database is ${tasks[0]!.Status.State}`)
  } finally {
    await docker("node", "update", "--availability", "active", first)
  }
  await stack.settled()
  await stack.certified()
  const now = await stack.psql("select count(*) from todos")
  expect(now === rows, `${rows} todos became ${now}`)
  const volumes = await node.docker("volume", "ls", "--quiet", "--filter", `name=${stack.name}_database`)
  expect(volumes === "", `the other node has a volume ${volumes}`)
  return `${rows} todos are there`
}

async function runsOn(stack: Stack, node: string): Promise<boolean> {
  return (await stack.tasks("server")).some((task) => isRunning(task) && task.NodeID === node)
}

/** Which task it is, and where. */
async function databaseTask(stack: Stack): Promise<string> {
  const running = (await stack.tasks("database")).filter(isRunning)
  return running.map(({ ID, NodeID }) => `${ID} on ${NodeID}`).join(", ")
}
