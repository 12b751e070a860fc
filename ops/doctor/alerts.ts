import type { ConfigFacts } from "../examine/config.ts"
import { type Finding, ok, problem, warning } from "./finding.ts"

const CURE =
  "bun run ops secrets ENVIRONMENT set dead-man-url (and alert-webhook-url, alert-smtp-url), then deploy; or the add-on (docs/operations/monitoring.md)."

/**
 * Whether anyone hears of trouble: by two ways that do not fail together, and from outside when the host is dead.
 * `addOn`: Alertmanager runs beside the stack, whose configuration, a secret, cannot be looked at.
 */
export function judgeAlerts({ alerts, environment }: ConfigFacts, addOn: boolean): Finding[] {
  if (addOn)
    return [ok("alerts", "The monitoring add-on runs; whom it tells is in its secret alertmanager-config.")]
  const findings: Finding[] = []
  const serious = environment === "production" ? problem : warning
  if (!alerts.deadMan)
    findings.push(
      serious(
        "alerts",
        "No dead-man's URL is set: when the host dies, nobody is told.",
        `Make a check at a service outside of this host, and set DEAD_MAN_URL: ${CURE}`,
      ),
    )
  if (alerts.ways.length === 0)
    findings.push(
      serious("alerts", "Nobody is told of trouble: neither ALERT_EMAIL nor ALERT_WEBHOOK_URL is set.", CURE),
    )
  else if (alerts.ways.length === 1)
    findings.push(
      warning(
        "alerts",
        `Alerts go by ${alerts.ways[0]} alone: when that is broken, nobody hears of it.`,
        `Set ALERT_EMAIL and ALERT_WEBHOOK_URL, both. ${CURE}`,
      ),
    )
  if (alerts.ways.join() === "the application's mail")
    findings.push(
      warning(
        "alerts",
        "Alerts go through the mail server that they are to tell of.",
        `Set ALERT_SMTP_URL to another. ${CURE}`,
      ),
    )
  return findings.length > 0
    ? findings
    : [
        ok(
          "alerts",
          `Alerts go by ${alerts.ways.join(" and ")}, and an outside service hears of a dead host.`,
        ),
      ]
}
