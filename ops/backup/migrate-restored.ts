import { connect } from "../../server/database/connect.ts"
import { migrate } from "../../server/database/migrate.ts"
import { MigrationFault } from "../../server/database/migrations.ts"
import * as release from "../../server/release.ts"
import { Refusal } from "../refusal.ts"

/** Applies what this release has beyond the restored database at `url`. Returns how many migrations that were. */
export async function migrateRestored(url: string): Promise<number> {
  const sql = connect(url, { max: 1, statementTimeout: 0 })
  try {
    return (await migrate(sql, release.migrations)).applied.length
  } catch (error) {
    if (error instanceof MigrationFault)
      throw new Refusal(1, `The restored database can't be migrated: ${error.message}`)
    throw error
  } finally {
    await sql.end({ timeout: 5 })
  }
}
