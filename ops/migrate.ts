/**
 * `bun run migrate`: applies pending migrations and says which. The server does the same when it starts. With `--json`
 * the last line is an object of what it came to (server/database/migrate.ts), for a deploy to read.
 */
import { ConfigError, readConfig } from "../server/config.ts"
import { connect } from "../server/database/connect.ts"
import { migrate } from "../server/database/migrate.ts"
import { MigrationFault } from "../server/database/migrations.ts"
import * as release from "../server/release.ts"

try {
  const config = readConfig()
  const sql = connect(config.databaseDirectUrl ?? config.databaseUrl, { max: 1, statementTimeout: 0 })
  const migrated = await migrate(sql, release.migrations)
  await sql.end({ timeout: 5 })
  for (const name of migrated.applied) console.log(`applied ${name}`)
  console.log(`The database is at migration ${migrated.shipped}.`)
  if (process.argv.includes("--json")) console.log(JSON.stringify(migrated))
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof MigrationFault)) throw error
  console.error(error.message)
  process.exit(1)
}
