import { rootCertificates } from "node:tls"
import type { Config } from "../config.ts"

export type Address = { name: string; address: string }

/** A letter as it goes out, to one address. Nothing in `headers` or `subject` comes from a person. */
export type Message = {
  from: Address
  to: string
  subject: string
  text: string
  html: string
  /** With its angle brackets (RFC 5322, section 3.6.4). */
  messageId: string
  date: Date
  headers: Record<string, string>
}

/** A way for letters to leave. Everything it does ends within `SEND_TIMEOUT`, whatever the other side does. */
export type Transport = {
  /** For logs: what letters are handed to. */
  name: string
  /** Resolves to what the other side said when it took the letter; rejects with a `SendFault`. */
  send: (message: Message) => Promise<string>
  /** Whether letters would be taken now: connects, secures, signs in. Rejects with a `SendFault`. */
  probe: () => Promise<void>
  close: () => void
}

/** Milliseconds after which a letter that is still being handed over counts as not taken. */
export const SEND_TIMEOUT = 60_000
/** Milliseconds after which a probe has failed. */
export const PROBE_TIMEOUT = 15_000

/**
 * Why a letter was not taken.
 *
 * - `unreachable`: the letter is not to blame. No connection, no TLS, a wrong certificate or password, a server
 *   that hangs or is shutting down. Others would fare the same, so all wait until the server is back.
 * - `later`: this letter was refused for now (a 4xx reply, too many requests).
 * - `never`: this letter was refused for good (a 5xx reply).
 */
export class SendFault extends Error {
  constructor(
    readonly kind: "unreachable" | "later" | "never",
    reason: string,
  ) {
    super(withoutAddresses(reason))
  }
}

/** Replies of mail servers name the recipient, which has no place in a log. One line, at most 300 characters. */
const withoutAddresses = (reason: string) =>
  reason
    .replace(/[^\s<>()[\]"',;:@]+@[^\s<>()[\]"',;:]+/g, "(address)")
    .replace(/\s+/g, " ")
    .slice(0, 300)

/** What TLS connections trust: the system's authorities, and SMTP_CA besides. */
export const trustedAuthorities = ({ smtpCa }: Config): { ca?: string[] } =>
  smtpCa === null ? {} : { ca: [...rootCertificates, smtpCa] }
