import { rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { say } from "../progress.ts"
import { variable } from "./settings.ts"

/**
 * Writes gauges into the file NAME.prom of BACKUP_METRICS_FOLDER, which the node exporter reads, if that is set
 * (docs/operations/monitoring.md). A backup is none the worse if that fails: the alert then says that it is old.
 */
export async function tellMonitoring(name: string, gauges: Record<string, number>): Promise<void> {
  const folder = variable("BACKUP_METRICS_FOLDER")
  if (!folder) return
  const text = Object.entries(gauges).map(([gauge, value]) => `# TYPE ${gauge} gauge\n${gauge} ${value}\n`)
  const path = join(folder, `${name}.prom`)
  try {
    // Whole or not at all: it may be read at any moment.
    await writeFile(`${path}.new`, text.join(""), { mode: 0o644 })
    await rename(`${path}.new`, path)
  } catch (error) {
    say(`the monitor could not be told in ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
}
