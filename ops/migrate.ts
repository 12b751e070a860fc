/**
 * `bun run migrate`: applies pending migrations and says which. The server does the same when it starts. With `--json`
 * lines are objects of what the database came to (server/database/migrate.ts), one after each migration and a last one, for
 * a deploy to read: also when a later one fails, or it is stopped.
 */
import { ConfigError, readConfig } from "../server/config.ts"
import { connect } from "../server/database/connect.ts"
import { type Migrated, migrate } from "../server/database/migrate.ts"
import { MigrationFault } from "../server/database/migrations.ts"
import * as release from "../server/release.ts"

const tell = (migrated: Migrated) => process.argv.includes("--json") && console.log(JSON.stringify(migrated))

try {
  const config = readConfig()
  const sql = connect(config.databaseDirectUrl ?? config.databaseUrl, { max: 1, statementTimeout: 0 })
  const migrated = await migrate(sql, release.migrations, (reached) => {
    console.log(`applied ${reached.applied.at(-1)}`)
    tell(reached)
  })
  await sql.end({ timeout: 5 })
  console.log(`The database is at migration ${migrated.shipped}.`)
  tell(migrated)
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof MigrationFault)) throw error
  console.error(error.message)
  process.exit(1)
}
