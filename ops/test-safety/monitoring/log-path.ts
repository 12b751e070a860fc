import { composeStack } from "../../swarm/stack.ts"
import { check, expect } from "../../testing/check.ts"
import { attempt, docker, fetchImage, missingEngine } from "../../testing/engine.ts"
import { until } from "../../testing/until.ts"

const BUN_IMAGE = process.env.BUN_IMAGE ?? "oven/bun:1.4.5-slim"
/** Where the engine finds this machine, if it is another's. */
const RECEIVER = process.env.TEST_RECEIVER ?? "127.0.0.1"
const NAME = `docket-test-safety-log-${process.pid}`

/** A line as the server writes it, with what a transport might spoil. */
const LINE = {
  level: "error",
  timestamp: "2026-01-31T12:00:00.000Z",
  requestId: "0199c0de-7a3b-7000-8000-000000000000",
  message: `Ümläute, 待办事项, "quotes" and \\ ${"long ".repeat(1000)}`,
}

/** From a container by the engine's syslog driver to a receiver, with the very options that a stack is given. */
export async function checkLogPath() {
  const missing = await missingEngine()
  if (missing) return console.log(`  - the way of the logs: not run. ${missing}`)
  const received: string[] = []
  const receiver = await Bun.udpSocket({
    hostname: "0.0.0.0",
    socket: { data: (_, bytes) => void received.push(bytes.toString("utf8")) },
  })
  const flags = await loggingFlags(receiver.port)
  const write = async (name: string) => {
    const script = `console.log(${JSON.stringify(JSON.stringify(LINE))})`
    await docker("run", "--detach", "--name", name, ...flags, BUN_IMAGE, "bun", "-e", script)
    await docker("wait", name)
  }
  try {
    await fetchImage(BUN_IMAGE)
    await check("what a container writes arrives as RFC 5424, tagged, with no character lost", async () => {
      await write(NAME)
      const datagram = await until("a datagram", () => received.find((text) => text.includes("requestId")))
      expect(/^<\d+>1 \d{4}-\d\d-\d\dT\S+ \S+ docket-test\/server /.test(datagram), datagram.slice(0, 200))
      const text = datagram.slice(datagram.indexOf("{"), datagram.lastIndexOf("}") + 1)
      expect(JSON.stringify(JSON.parse(text)) === JSON.stringify(LINE), text.slice(0, 300))
      return `${datagram.length} characters`
    })
    await check("the engine keeps a copy that can be read", async () => {
      expect((await docker("logs", NAME)).includes(LINE.requestId), "docker logs does not have it")
    })
    await check("a receiver that is away keeps no container from starting", async () => {
      receiver.close()
      await write(`${NAME}-alone`)
      expect((await docker("logs", `${NAME}-alone`)).includes(LINE.requestId), "docker logs does not have it")
    })
  } finally {
    await attempt("rm", "--force", NAME, `${NAME}-alone`)
  }
}

async function loggingFlags(port: number): Promise<string[]> {
  const { services } = await composeStack(
    {
      stack: "docket-test",
      domains: ["docket.example.org"],
      acme_email: "operator@example.org",
      replicas: 1,
      database: "stack",
      logs: { syslog: `udp://${RECEIVER}:${port}` },
    },
    `docket@sha256:${"a".repeat(64)}`,
    { "database-url": "one", "jwt-secret-key": "two", "postgres-password": "three" },
    { overlayRanges: ["10.0.0.0/8"], cpus: 1 },
  )
  const { driver, options } = services.server!.logging as { driver: string; options: Record<string, string> }
  return [
    `--log-driver=${driver}`,
    ...Object.entries(options).map(([name, value]) => `--log-opt=${name}=${value}`),
  ]
}
