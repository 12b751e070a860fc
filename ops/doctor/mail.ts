import type { ConfigFacts } from "../examine/config.ts"
import type { LetterFacts } from "../examine/letter.ts"
import type { Health } from "../smoke/health.ts"
import { type Finding, ok, problem, unknown, warning } from "./finding.ts"

/** Whether letters leave: what a test letter met, and what the server's queue says. */
export function judgeMail(
  mail: ConfigFacts["mail"],
  letter: LetterFacts | undefined,
  queue: Health["checks"]["mail"] | null,
): Finding[] {
  if (!mail)
    return [
      warning(
        "mail",
        "No mail is configured: new accounts are active at once, and who forgets a password has to ask you.",
        "Set SMTP_HOST and what goes with it, or MAIL_HTTPS_PROVIDER (docs/deployment/environment.md).",
      ),
    ]
  return [judgeLetter(mail, letter), ...judgeQueue(queue)]
}

function judgeLetter(
  { way, encrypted }: NonNullable<ConfigFacts["mail"]>,
  letter: LetterFacts | undefined,
): Finding {
  if (letter?.outcome === "refused")
    return problem(
      "mail",
      `${way} refused the test letter: ${letter.reply}`,
      "See whether it lets this sender (SMTP_FROM_EMAIL) write to that address.",
    )
  if (letter && letter.outcome !== "taken")
    return problem(
      "mail",
      `${way} could not be used: ${letter.reply}`,
      "Check host, port and password; many hosts block port 25 and 587, and then mail over HTTPS is the way.",
    )
  if (!encrypted)
    return warning(
      "mail",
      `Letters travel to ${way} in the clear.`,
      "Set SMTP_USE_TLS to true unless it is on the same network.",
    )
  if (!letter)
    return unknown(
      "mail",
      `Letters leave by ${way}; whether they are taken was not tried.`,
      "Send one: --letter you@example.org",
    )
  return ok("mail", `${way} took the test letter: ${letter.reply}`)
}

function judgeQueue(queue: Health["checks"]["mail"] | null): Finding[] {
  if (!queue) return []
  if (queue.status === "degraded")
    return [
      problem(
        "mail",
        `${queue.waiting ?? "Some"} letters wait${queue.pausedSince ? `, since ${queue.pausedSince}` : ""}.`,
        "The log says why: bun run ops logs ENVIRONMENT server. They go out by themselves once the mail server is back.",
      ),
    ]
  if (queue.givenUp)
    return [
      warning(
        "mail",
        `${queue.givenUp} letters were given up in the last week.`,
        "The log names the replies: bun run ops logs ENVIRONMENT server.",
      ),
    ]
  return []
}
