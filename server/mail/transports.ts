import type { Config } from "../config.ts"
import { httpsTransport } from "./https-transport.ts"
import { smtpTransport } from "./smtp-transport.ts"
import type { Transport } from "./transport.ts"

/** The transport that `config` describes, or null where no mail is configured. Opens nothing yet. */
export function mailTransport(config: Config): Transport | null {
  if (config.mailHttpsProvider !== null) return httpsTransport(config)
  if (config.smtpHost !== null) return smtpTransport(config)
  return null
}
