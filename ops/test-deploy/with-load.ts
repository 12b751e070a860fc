import { startLoad } from "./load/load.ts"
import type { LoadReport } from "./load/report.ts"
import type { Site } from "./site.ts"

/** Seconds for what an update leaves behind: tasks that drain, connections that rest. */
const SETTLING = 15

/** Does `work` under load, and a little longer. */
export async function withLoad<T>(
  site: Site,
  work: () => Promise<T>,
): Promise<{ result: T; report: LoadReport }> {
  const load = await startLoad(site)
  try {
    await Bun.sleep(2000)
    const result = await work()
    await Bun.sleep(SETTLING * 1000)
    return { result, report: await load.stop() }
  } catch (error) {
    await load.stop()
    throw error
  }
}
