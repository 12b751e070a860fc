/**
 * The monitoring add-on with the real Prometheus, Alertmanager and exporters of Debian's packages, on loopback: rules, every
 * panel's query, and alerts that arrive by both ways, by either when the other is dead, and resolve.
 */
import { check } from "../testing/check.ts"
import { checkAlerts } from "./monitoring/alerts.ts"
import { checkFiles } from "./monitoring/files.ts"
import { checkLogPath } from "./monitoring/log-path.ts"
import { missingPrograms } from "./monitoring/programs.ts"
import { checkQueries } from "./monitoring/queries.ts"
import { type Site, setUp } from "./monitoring/site.ts"

export async function checkMonitoring() {
  const missing = missingPrograms()
  if (missing)
    return check("the programs are there", async () => {
      throw new Error(missing)
    })
  await checkFiles()
  await checkLogPath()
  let site: Site | undefined
  await check("Prometheus, Alertmanager and the exporters run beside a server under requests", async () => {
    site = await setUp()
  })
  if (!site) return
  try {
    await checkQueries(site)
    await checkAlerts(site)
  } finally {
    await site.tearDown()
  }
}
