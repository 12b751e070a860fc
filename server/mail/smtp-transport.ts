import { createTransport } from "nodemailer"
import type { Config } from "../config.ts"
import { PROBE_TIMEOUT, SEND_TIMEOUT, SendFault, type Transport, trustedAuthorities } from "./transport.ts"

/**
 * Pooled SMTP (RFC 5321). With SMTP_USE_TLS, TLS is implicit on port 465 and by STARTTLS elsewhere, and never
 * optional: without it, or with a certificate that does not match, neither a letter nor the password is sent.
 */
export function smtpTransport(config: Config): Transport {
  const { smtpHost, smtpPort, smtpUsername, smtpPassword, smtpUseTls } = config
  const implicitTls = smtpUseTls && smtpPort === 465
  const pool = createTransport({
    pool: true,
    maxConnections: 2,
    maxRequeues: 1,
    idleTimeout: 60_000,
    host: smtpHost ?? undefined,
    port: smtpPort,
    secure: implicitTls,
    requireTLS: smtpUseTls,
    ignoreTLS: !smtpUseTls,
    tls: { minVersion: "TLSv1.2", ...trustedAuthorities(config) },
    auth: smtpUsername === null ? undefined : { user: smtpUsername, pass: smtpPassword ?? "" },
    dnsTimeout: 5_000,
    connectionTimeout: 10_000,
    greetingTimeout: PROBE_TIMEOUT,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    name: `${smtpHost}:${smtpPort}`,
    send: async ({ to, ...message }) => {
      const signal = AbortSignal.timeout(SEND_TIMEOUT)
      const letter = { ...message, to: { name: "", address: to }, signal }
      const { response } = await pool.sendMail(letter).catch((error: SmtpError) => {
        throw faultOf(error)
      })
      return response
    },
    probe: async () => {
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => late.reject(new SendFault("unreachable", "The mail server does not answer.")),
        PROBE_TIMEOUT,
      )
      const verified = pool.verify().catch((error: SmtpError) => {
        throw new SendFault("unreachable", reasonOf(error))
      })
      await Promise.race([verified, late.promise]).finally(() => clearTimeout(timer))
    },
    close: () => pool.close(),
  }
}

type SmtpError = Error & { code?: string; responseCode?: number }

/** nodemailer's codes: EENVELOPE is about the sender or the recipient, EMESSAGE about the letter itself. */
function faultOf(error: SmtpError): SendFault {
  const { code, responseCode } = error
  const aboutLetter = code === "EENVELOPE" || code === "EMESSAGE"
  // 421: the server is going away. 530: it wants a password that it was not given.
  if (!aboutLetter || responseCode === 421 || responseCode === 530)
    return new SendFault("unreachable", reasonOf(error))
  // 503, a command out of order, speaks of the session and not of the letter.
  if (responseCode !== undefined && (responseCode < 500 || responseCode === 503))
    return new SendFault("later", reasonOf(error))
  return new SendFault("never", reasonOf(error))
}

/** nodemailer's message says what failed, and ends in the server's reply where there was one. */
const reasonOf = ({ message, code }: SmtpError) => (code ? `${message} (${code})` : message)
