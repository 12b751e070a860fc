import type { Config } from "../config.ts"
import { deliveryFault } from "../delivery-fault.ts"
import { senderOf } from "../mail/sender.ts"
import { smtpTransport } from "../mail/smtp-transport.ts"
import type { Transport } from "../mail/transport.ts"
import { mailTransport } from "../mail/transports.ts"
import type { Alert } from "./conditions.ts"

/** One way for alerts to leave. `send` rejects with what may be logged: never an address or a URL. */
export type Way = { name: "mail" | "webhook"; send: (alert: Alert) => Promise<void>; close: () => void }

type Configured = Pick<Config, "alertWebhookUrl" | "alertEmail" | "alertSmtpUrl">

/** The ways that are set, each with nothing in common with the other. */
export function waysOf(config: Config): Way[] {
  const ways: Way[] = []
  if (config.alertWebhookUrl !== null) ways.push(webhook(config.alertWebhookUrl, placeOf(config)))
  const transport = config.alertEmail === null ? null : mailFor(config)
  if (transport) ways.push(mail(transport, config))
  return ways
}

/** Whether anybody is told of anything. */
export const isWatching = (config: Configured & Pick<Config, "deadManUrl">) =>
  config.alertWebhookUrl !== null || config.alertEmail !== null || config.deadManUrl !== null

/** Which installation it is, since an operator may have several. */
const placeOf = ({ frontendUrl, environment }: Config) => frontendUrl ?? environment

const headline = ({ name, status }: Alert, place: string) => `[${status}] ${name}: ${place}`

const sentences = (alert: Alert, place: string) =>
  `${headline(alert, place)}\n${alert.summary}\nSince ${alert.since}. What to do: docs/operations/monitoring.md, "${alert.name}".`

/** JSON that a program can read, and with the members that chats show: `text` (Slack, Mattermost) and `content` (Discord). */
const webhook = (url: string, place: string): Way => ({
  name: "webhook",
  send: async (alert) => {
    const text = sentences(alert, place)
    const fault = await deliveryFault(url, {
      headers: { "Content-Type": "application/json", "User-Agent": "Docket" },
      body: JSON.stringify({ ...alert, place, text, content: text }),
    })
    if (fault !== null) throw new Error(fault)
  },
  close: () => {},
})

/** The alerts' own mail server, or the application's. */
function mailFor(config: Config): Transport | null {
  if (config.alertSmtpUrl === null) return mailTransport(config)
  const url = new URL(config.alertSmtpUrl)
  const implicit = url.protocol === "smtps:"
  return smtpTransport({
    ...config,
    smtpHost: url.hostname.replace(/^\[|\]$/g, ""),
    smtpPort: Number(url.port) || (implicit ? 465 : 587),
    smtpUsername: url.username ? decodeURIComponent(url.username) : null,
    smtpPassword: url.password ? decodeURIComponent(url.password) : null,
    smtpUseTls: url.searchParams.get("tls") !== "none",
  })
}

function mail(transport: Transport, config: Config): Way {
  const from = senderOf({ smtpFromEmail: config.smtpFromEmail ?? config.alertEmail })
  const place = placeOf(config)
  return {
    name: "mail",
    send: async (alert) => {
      const text = sentences(alert, place)
      await transport.send({
        from,
        to: config.alertEmail!,
        subject: headline(alert, place),
        text,
        html: `<pre>${text.replace(/[<&>]/g, (character) => `&#${character.charCodeAt(0)};`)}</pre>`,
        messageId: `<${Bun.randomUUIDv7()}@${from.address.split("@").pop()}>`,
        date: new Date(),
        headers: { "Auto-Submitted": "auto-generated" },
      })
    },
    close: () => transport.close(),
  }
}
