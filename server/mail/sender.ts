import type { Config } from "../config.ts"
import type { Address } from "./transport.ts"

/** SMTP_FROM_EMAIL is an address, or a name and an address: `Docket <docket@example.org>`. */
export function senderOf({ smtpFromEmail }: Pick<Config, "smtpFromEmail">): Address {
  const [, name, address] = smtpFromEmail?.match(/^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/) ?? []
  return address ? { name: name || "Docket", address } : { name: "Docket", address: smtpFromEmail ?? "" }
}
