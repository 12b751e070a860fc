import type { Config } from "../config.ts"
import {
  type Address,
  type Message,
  PROBE_TIMEOUT,
  SEND_TIMEOUT,
  SendFault,
  type Transport,
  trustedAuthorities,
} from "./transport.ts"

type Provider = {
  /** Its API; MAIL_HTTPS_URL stands in for it. */
  url: string
  authorization: (key: string) => Record<string, string>
  sendPath: string
  body: (message: Message) => object
  /** Something small that only a good key may read. */
  probePath: string
  /** A refusal of the probe that still proves the key: one that may send and nothing else. */
  provesKey?: (status: number, body: string) => boolean
}

/** RFC 5322, section 3.4: a name with punctuation is quoted. */
const mailbox = ({ name, address }: Address) =>
  `${/[()<>[\]:;@\\,."]/.test(name) ? JSON.stringify(name) : name} <${address}>`
const headersOf = ({ headers, messageId }: Message) => ({ ...headers, "Message-ID": messageId })

const providers: Record<NonNullable<Config["mailHttpsProvider"]>, Provider> = {
  // https://resend.com/docs/api-reference/emails/send-email
  resend: {
    url: "https://api.resend.com",
    authorization: (key) => ({ Authorization: `Bearer ${key}` }),
    sendPath: "/emails",
    body: (message) => ({
      from: mailbox(message.from),
      to: [message.to],
      subject: message.subject,
      html: message.html,
      text: message.text,
      headers: headersOf(message),
    }),
    probePath: "/domains",
    provesKey: (status, body) => status === 401 && body.includes("restricted_api_key"),
  },
  // https://postmarkapp.com/developer/api/email-api
  postmark: {
    url: "https://api.postmarkapp.com",
    authorization: (key) => ({ "X-Postmark-Server-Token": key }),
    sendPath: "/email",
    body: (message) => ({
      From: mailbox(message.from),
      To: message.to,
      Subject: message.subject,
      HtmlBody: message.html,
      TextBody: message.text,
      Headers: Object.entries(headersOf(message)).map(([Name, Value]) => ({ Name, Value })),
      TrackOpens: false,
      TrackLinks: "None",
      MessageStream: "outbound",
    }),
    probePath: "/server",
  },
  // https://developers.brevo.com/reference/sendtransacemail
  brevo: {
    url: "https://api.brevo.com/v3",
    authorization: (key) => ({ "api-key": key }),
    sendPath: "/smtp/email",
    body: (message) => ({
      sender: { name: message.from.name, email: message.from.address },
      to: [{ email: message.to }],
      subject: message.subject,
      htmlContent: message.html,
      textContent: message.text,
      headers: headersOf(message),
    }),
    probePath: "/account",
  },
}

/** A provider's JSON API over HTTPS, for hosts where the ports of SMTP are closed. */
export function httpsTransport(config: Config): Transport {
  const provider = providers[config.mailHttpsProvider!]
  const base = (config.mailHttpsUrl ?? provider.url).replace(/\/+$/, "")
  const headers = {
    ...provider.authorization(config.mailHttpsKey ?? ""),
    Accept: "application/json",
    "User-Agent": "Docket",
  }

  const ask = async (path: string, milliseconds: number, body?: object) => {
    try {
      const answer = await fetch(`${base}${path}`, {
        method: body ? "POST" : "GET",
        headers: body ? { ...headers, "Content-Type": "application/json" } : headers,
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(milliseconds),
        // A redirect would carry the key elsewhere.
        redirect: "manual",
        tls: trustedAuthorities(config),
      })
      return { status: answer.status, text: await beginningOf(answer) }
    } catch (error) {
      throw new SendFault("unreachable", (error as Error).message)
    }
  }

  return {
    name: `${config.mailHttpsProvider} at ${new URL(base).host}`,
    send: async (message) => {
      const { status, text } = await ask(provider.sendPath, SEND_TIMEOUT, provider.body(message))
      if (status < 200 || status > 299) throw new SendFault(kindOf(status), `${status} ${text}`)
      return `${status} ${text}`
    },
    probe: async () => {
      const { status, text } = await ask(provider.probePath, PROBE_TIMEOUT)
      const proven = (status >= 200 && status <= 299) || provider.provesKey?.(status, text)
      if (!proven) throw new SendFault("unreachable", `${status} ${text}`)
    },
    close: () => {},
  }
}

/** A wrong key or an unverified sender is the operator's to mend, so the letters wait; so is a redirect. */
function kindOf(status: number): SendFault["kind"] {
  if (status < 400 || status >= 500 || status === 401 || status === 403 || status === 404 || status === 408)
    return "unreachable"
  // No credit left, a conflict with a request under way, too many requests.
  if (status === 402 || status === 409 || status === 425 || status === 429) return "later"
  return "never"
}

/** At most 2 kB of an answer: it is only read for its error. */
async function beginningOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder()
  let text = ""
  while (reader && text.length < 2_000) {
    const { value, done } = await reader.read()
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  await reader?.cancel()
  return text.slice(0, 2_000)
}
