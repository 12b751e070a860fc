import { check } from "../../testing/check.ts"
import { until } from "./programs.ts"
import type { Site } from "./site.ts"

/** Faults for real, with seconds for minutes. */
export async function checkAlerts({ server, database, receivers }: Site) {
  const { mail, webhook } = receivers
  const arrives = async (alert: string, status: "firing" | "resolved", ways = [mail, webhook]) => {
    for (const way of ways)
      await until(
        `${alert} (${status}) arrives by ${way === mail ? "mail" : "webhook"}`,
        () => way.heard(alert, status),
        150,
      )
  }
  const forget = () => {
    mail.forget()
    webhook.forget()
  }

  await check("the dead-man's URL is pinged again and again while all is well", async () => {
    const before = receivers.pings()
    await until("three more pings", () => receivers.pings() >= before + 3)
  })

  await check(
    "the server is killed: HealthFailing and ServerUnseen arrive by mail and by webhook",
    async () => {
      forget()
      await server.kill()
      await arrives("HealthFailing", "firing")
      await arrives("ServerUnseen", "firing")
    },
  )
  await check("it is back: both resolve by both ways", async () => {
    await server.start()
    await arrives("HealthFailing", "resolved")
    await arrives("ServerUnseen", "resolved")
  })

  await check(
    "the mail server is dead, then the database: DatabaseDown arrives by webhook alone",
    async () => {
      await mail.stop()
      forget()
      await database.stop()
      await arrives("DatabaseDown", "firing", [webhook])
    },
  )
  await check("it is back: resolved, by webhook", async () => {
    await database.start()
    await arrives("DatabaseDown", "resolved", [webhook])
  })

  await check(
    "the webhook is dead, then the server: HealthFailing arrives by mail alone, and resolves",
    async () => {
      await mail.start()
      await webhook.stop()
      forget()
      await server.kill()
      await arrives("HealthFailing", "firing", [mail])
      await server.start()
      await arrives("HealthFailing", "resolved", [mail])
      await webhook.start()
    },
  )
}
