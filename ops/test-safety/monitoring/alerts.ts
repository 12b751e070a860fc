import { check } from "../../testing/check.ts"
import { until } from "../../testing/until.ts"
import type { Way } from "./receivers.ts"
import type { Site } from "./site.ts"

type Told = {
  arrives: (alert: string, status: "firing" | "resolved", ways?: Way[]) => Promise<void>
  /** From here on only what is told anew counts. */
  forget: () => void
}

/** Faults for real, with seconds for minutes. */
export async function checkAlerts(site: Site) {
  const { receivers, killMonitor } = site
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

  const told: Told = { arrives, forget }

  await check("the dead-man's URL is pinged again and again while all is well", async () => {
    const before = receivers.pings()
    await until("three more pings", () => receivers.pings() >= before + 3)
  })

  await serverKilled(site, told)
  await databaseDown(site, told)
  await mailDown(site, told)
  await backupsBroken(site, told)
  await webhookDead(site, told)
  await diskFull(site, told)
  await networkLost(site, told)
  await check("the monitor itself is killed: the dead-man's URL is called no more", async () => {
    await killMonitor()
    const pings = receivers.pings()
    await Bun.sleep(15_000)
    if (receivers.pings() !== pings) throw new Error("it still is")
  })
}

async function serverKilled({ server }: Site, { arrives, forget }: Told) {
  await check("the server is killed: HealthFailing and ServerUnseen arrive by both ways", async () => {
    forget()
    await server.kill()
    await arrives("HealthFailing", "firing")
    await arrives("ServerUnseen", "firing")
  })
  await check("it is back: both resolve by both ways", async () => {
    await server.start()
    await arrives("HealthFailing", "resolved")
    await arrives("ServerUnseen", "resolved")
  })
}

async function databaseDown({ database, receivers }: Site, { arrives, forget }: Told) {
  const { mail, webhook, own } = receivers
  await check("the mail server is dead, then the database: DatabaseDown arrives by webhook", async () => {
    await mail.stop()
    forget()
    own.forget()
    await database.stop()
    await arrives("DatabaseDown", "firing", [webhook])
  })
  await check("and the server says so itself, at its own intervals, without Prometheus", async () => {
    await until("DatabaseDown by the server", () => own.heard("DatabaseDown", "firing"), 120)
  })
  await check("it is back: resolved, by both", async () => {
    await database.start()
    await arrives("DatabaseDown", "resolved", [webhook])
    await until("the server says so too", () => own.heard("DatabaseDown", "resolved"), 120)
    await mail.start()
  })
}

async function mailDown({ server, receivers: { post } }: Site, { arrives, forget }: Told) {
  await check("people's mail server is killed: MailFailing arrives by both ways, and resolves", async () => {
    forget()
    await post.stop()
    const answer = await fetch(new URL("/api/accounts", server.url), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        email: "someone@example.org",
        password: "a long enough password for it",
        name: "Someone",
      }),
    })
    if (answer.status !== 202) throw new Error(`registering: ${answer.status} ${await answer.text()}`)
    await arrives("MailFailing", "firing")
    await post.start()
    await arrives("MailFailing", "resolved")
  })
}

async function backupsBroken({ tellOfBackups }: Site, { arrives, forget }: Told) {
  const seconds = () => Math.round(Date.now() / 1000)
  const backup = (at: number, size: number) =>
    tellOfBackups([
      `docket_backup_last_success_timestamp_seconds ${at}`,
      `docket_backup_last_size_bytes ${size}`,
      `docket_drill_last_success_timestamp_seconds ${at}`,
    ])
  await check("nothing is known of backups: BackupOld and DrillOld, until there are some", async () => {
    forget()
    await arrives("BackupOld", "firing")
    await arrives("DrillOld", "firing")
    await backup(seconds(), 1e9)
    await arrives("BackupOld", "resolved")
    await arrives("DrillOld", "resolved")
  })
  await check("backups stop for 27 hours, and come back half as large: each is told", async () => {
    forget()
    await backup(seconds() - 27 * 3600, 1e9)
    await arrives("BackupOld", "firing")
    await backup(seconds(), 0.4e9)
    await arrives("BackupOld", "resolved")
    await arrives("BackupShrunk", "firing")
  })
}

async function webhookDead({ server, receivers: { mail, webhook } }: Site, { arrives, forget }: Told) {
  await check(
    "the webhook is dead, then the server: HealthFailing arrives by mail, and resolves",
    async () => {
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

async function diskFull({ disk }: Site, { arrives, forget }: Told) {
  await check("a disk is filled: DiskFillingUp arrives by both ways, and resolves", async () => {
    forget()
    await disk.fill()
    await arrives("DiskFillingUp", "firing")
    await disk.free()
    await arrives("DiskFillingUp", "resolved")
  })
}

async function networkLost({ server, receivers }: Site, { arrives, forget }: Told) {
  await check("the host's network is lost: the dead-man's URL, which is outside, hears nothing", async () => {
    await receivers.lose()
    const pings = receivers.pings()
    await server.kill()
    await Bun.sleep(10_000)
    if (receivers.pings() !== pings) throw new Error("it still does")
  })
  await check("it is back: what happened meanwhile arrives by both ways, and the pings go on", async () => {
    forget()
    await receivers.find()
    const pings = receivers.pings()
    await arrives("HealthFailing", "firing")
    await until("three pings", () => receivers.pings() >= pings + 3)
    await server.start()
    await arrives("HealthFailing", "resolved")
  })
}
