import { join } from "node:path"
import { makeCertificate } from "../../../server/testing/certificate.ts"
import { type Smtp, startSmtp } from "../../../server/testing/smtp.ts"

/** Where alerts arrive: a mail server, a webhook, and the dead-man's. Each can be ended and begun again where it was. */
export type Receivers = {
  /** Alertmanager's configuration: the example, with these receivers and seconds for minutes. */
  configuration: () => Promise<string>
  mail: Way
  webhook: Way
  /** The application's own mail server, and what its server is started with to use it. */
  post: { environment: Record<string, string>; stop: () => Promise<void>; start: () => Promise<void> }
  /** What the server itself tells, without Prometheus. */
  own: Way & { url: string }
  /** How often the dead-man's URL was called. */
  pings: () => number
  /** Nothing outside the host can be reached, until it is back. */
  lose: () => Promise<void>
  find: () => Promise<void>
  stop: () => Promise<void>
}

export type Way = {
  /** Whether it has heard of the alert since it was asked to `forget`. */
  heard: (alert: string, status: "firing" | "resolved") => boolean
  forget: () => void
  stop: () => Promise<void>
  start: () => Promise<void>
}

type Alert = { status: "firing" | "resolved"; name: string }
type Told = { alerts: { status: "firing" | "resolved"; labels: { alertname: string } }[] }

export async function startReceivers(): Promise<Receivers> {
  const mail = await mailWay()
  const webhook = webhookWay(({ alerts }: Told) =>
    alerts.map(({ status, labels }) => ({ status, name: labels.alertname })),
  )
  const own = webhookWay((alert: Alert) => [alert])
  const post = await applicationsMail()
  const deadMan = deadManUrl()
  const outside = [mail.way, webhook.way, deadMan]
  return {
    mail: mail.way,
    webhook: webhook.way,
    own: { ...own.way, url: `http://127.0.0.1:${own.port}/` },
    post,
    pings: deadMan.pings,
    lose: () => each(outside, "stop"),
    find: () => each(outside, "start"),
    configuration: async () => {
      const text = await Bun.file(join(import.meta.dir, "../../monitoring/alertmanager.example.yml")).text()
      return text
        .replace("smtp.elsewhere.example:587", `localhost:${mail.port}`)
        .replace(/^ +auth_(username|password): .*\n/gm, "")
        .replace("send_resolved: true", "require_tls: false\n        send_resolved: true")
        .replace("https://hooks.example/CHANGE-ME", `http://127.0.0.1:${webhook.port}/`)
        .replace("https://dead-man.example/CHANGE-ME", `http://127.0.0.1:${deadMan.port}/`)
        .replace(/group_wait: \d+s/g, "group_wait: 0s")
        .replace(/(group|repeat)_interval: \d+[mh]/g, "$1_interval: 2s")
    },
    stop: async () => {
      await each([...outside, own.way, post], "stop")
    },
  }
}

type Stoppable = { stop: () => Promise<void>; start: () => Promise<void> }

async function each(ways: Stoppable[], step: "stop" | "start") {
  await Promise.all(ways.map((way) => way[step]()))
}

function deadManUrl() {
  let pings = 0
  const begin = (port: number) =>
    Bun.serve({
      hostname: "127.0.0.1",
      port,
      fetch: () => {
        pings += 1
        return new Response()
      },
    })
  let server: Bun.Server<unknown> | undefined = begin(0)
  const port = server.port!
  return {
    port,
    pings: () => pings,
    stop: async () => {
      await server?.stop(true)
      server = undefined
    },
    start: async () => {
      server = begin(port)
    },
  }
}

async function mailWay() {
  const begin = (port?: number) => startSmtp({ credentials: null, startTls: false, ...(port && { port }) })
  let smtp: Smtp | undefined = await begin()
  const { port } = smtp
  let seen = 0
  const texts = () =>
    smtp?.letters.slice(seen).map(({ message }) => `${message.subject}\n${message.html}`) ?? []
  const way: Way = {
    heard: (alert, status) =>
      texts().some((text) => text.includes(alert) && text.toLowerCase().startsWith(`[${status}`)),
    forget: () => {
      seen = smtp?.letters.length ?? 0
    },
    stop: async () => {
      await smtp?.stop()
      smtp = undefined
    },
    start: async () => {
      smtp = await begin(port)
      seen = 0
    },
  }
  return { port, way }
}

/** With a certificate that stays: it is the same server that comes back. */
async function applicationsMail(): Promise<Receivers["post"]> {
  const certificate = await makeCertificate()
  let smtp: Smtp | undefined = await startSmtp({ certificate })
  const { port, environment } = smtp
  return {
    environment,
    stop: async () => {
      await smtp?.stop()
      smtp = undefined
    },
    start: async () => {
      smtp = await startSmtp({ certificate, port })
    },
  }
}

/** `read` says what alerts are in what is sent. */
function webhookWay<T>(read: (sent: T) => Alert[]) {
  let told: Alert[] = []
  const begin = (port: number) =>
    Bun.serve({
      hostname: "127.0.0.1",
      port,
      fetch: async (request) => {
        told.push(...read((await request.json()) as T))
        return new Response()
      },
    })
  let server: Bun.Server<unknown> | undefined = begin(0)
  const port = server.port!
  const way: Way = {
    heard: (alert, status) => told.some((found) => found.name === alert && found.status === status),
    forget: () => {
      told = []
    },
    stop: async () => {
      await server?.stop(true)
      server = undefined
    },
    start: async () => {
      server = begin(port)
    },
  }
  return { port, way }
}
