import type { Config } from "../../server/config.ts"
import { senderOf } from "../../server/mail/sender.ts"
import { type Message, SendFault } from "../../server/mail/transport.ts"
import { mailTransport } from "../../server/mail/transports.ts"

/** What became of a test letter; `reply` is the other side's own words, addresses in a refusal left out. */
export type LetterFacts = { outcome: "taken" | "refused" | "unreachable" | "not configured"; reply: string }

/** Sends a letter to `to` the way that the server sends its own. */
export async function sendTestLetter(config: Config, to: string): Promise<LetterFacts> {
  const transport = mailTransport(config)
  if (!transport) return { outcome: "not configured", reply: "" }
  try {
    return { outcome: "taken", reply: oneLine(await transport.send(testLetter(config, to))) }
  } catch (error) {
    if (!(error instanceof SendFault)) throw error
    return { outcome: error.kind === "unreachable" ? "unreachable" : "refused", reply: error.message }
  } finally {
    transport.close()
  }
}

function testLetter(config: Config, to: string): Message {
  const from = senderOf(config)
  const site = config.frontendUrl ?? "an installation of Docket"
  const text = `This is a test letter of ${site}, sent by its operator to see that letters arrive. Nothing needs doing.`
  return {
    from,
    to,
    subject: "Test letter of Docket",
    text: `${text}\n`,
    html: `<p>${Bun.escapeHTML(text)}</p>`,
    messageId: `<${Bun.randomUUIDv7()}@${from.address.split("@").pop()}>`,
    date: new Date(),
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
  }
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").slice(0, 300)
