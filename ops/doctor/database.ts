import type { ConfigFacts } from "../examine/config.ts"
import type { DatabaseFacts } from "../examine/database.ts"
import { type Finding, ok, problem, warning } from "./finding.ts"

const VERSION = 18
/** Milliseconds. A request makes several round trips. */
const SLOW = 20
const BUSY = 0.8

type Reached = Extract<DatabaseFacts, { reached: true }>

/** What the server's role found in its database. */
export function judgeDatabase(database: DatabaseFacts, config: ConfigFacts): Finding[] {
  if (!database.reached)
    return [
      problem(
        "database",
        `The server cannot use its database: ${database.reason}.`,
        "See whether it runs (bun run ops status) and whether the secret database-url leads there with the right password.",
      ),
    ]
  return [
    ...judgeUse(database),
    judgeVersion(database.version),
    judgePooler(database, config),
    ...judgePrivileges(database),
    judgeMigrations(database),
  ]
}

function judgeUse({ readOnly, latency, connections: { used, most } }: Reached): Finding[] {
  if (readOnly)
    return [
      problem(
        "database",
        "The database takes no writes: it is a replica, or set to read only.",
        "Let database-url lead to the primary.",
      ),
    ]
  const findings: Finding[] = []
  if (latency > SLOW)
    findings.push(
      warning(
        "database",
        `One statement takes ${latency} ms, so every request takes several times that.`,
        "Run the server in the same region as its database.",
      ),
    )
  if (used > most * BUSY)
    findings.push(
      warning(
        "database",
        `${used} of ${most} connections are taken; the next replica may get none.`,
        "Lower DATABASE_POOL_SIZE, raise max_connections, or put a pooler before the database.",
      ),
    )
  return findings.length > 0
    ? findings
    : [ok("database", `It answers in ${latency} ms, with ${used} of ${most} connections taken.`)]
}

function judgeVersion(number: number): Finding {
  const shown = `${Math.floor(number / 10_000)}.${number % 10_000}`
  if (number >= VERSION * 10_000) return ok("database version", `It is PostgreSQL ${shown}.`)
  return problem(
    "database version",
    `It is PostgreSQL ${shown}, and Docket needs ${VERSION}.`,
    `Move to PostgreSQL ${VERSION}: dump, restore beside the old one, change the secrets.`,
  )
}

function judgePooler({ pooler, notifications }: Reached, { pooled, hasDirectUrl }: ConfigFacts): Finding {
  if (pooler && !pooled)
    return problem(
      "pooler",
      "A pooler stands before the database and the server does not know: prepared statements fail now and then.",
      "Add pgbouncer=true to the URL of database-url if it pools by transaction, and give DATABASE_DIRECT_URL.",
    )
  if (!notifications)
    return warning(
      "pooler",
      "Notifications do not arrive, so changes reach other open pages seconds late.",
      hasDirectUrl
        ? "DATABASE_DIRECT_URL has to lead past the pooler."
        : "Give DATABASE_DIRECT_URL, the same database past the pooler.",
    )
  return ok(
    "pooler",
    pooler ? "Through a pooler, and past it for notifications." : "No pooler stands between.",
  )
}

function judgePrivileges({ role: { name, superuser, more, lacking } }: Reached): Finding[] {
  const findings: Finding[] = []
  if (lacking.length > 0)
    findings.push(
      problem(
        "privileges",
        `The role ${name} may not read and write ${lacking.slice(0, 5).join(", ")}.`,
        "Grant it what ops/database/roles.sh grants, by running that again.",
      ),
    )
  if (superuser || more.length > 0)
    findings.push(
      warning(
        "privileges",
        `The server's role ${name} ${superuser ? "is a superuser" : `has ${more.join(", ")}`}: a fault in the server could change more than rows.`,
        "Let database-url name a role that only reads and writes rows (docket_server in ops/database/roles.sh); migrations have one of their own.",
      ),
    )
  return findings.length > 0
    ? findings
    : [ok("privileges", `The server's role ${name} reads and writes rows, and nothing else.`)]
}

function judgeMigrations({ migrations }: Reached): Finding {
  const cure = "Deploy again: bun run ops deploy ENVIRONMENT DIGEST runs what is pending first."
  if (!migrations) return problem("migrations", "The database was never migrated.", cure)
  const { applied, shipped, pending, mostDemanding } = migrations
  if (mostDemanding > shipped)
    return problem(
      "migrations",
      `The database has migrations that want release ${mostDemanding} or later, and this is ${shipped}: it cannot start again.`,
      "Deploy a newer release: bun run ops releases ENVIRONMENT lists them.",
    )
  if (pending.length > 0) return problem("migrations", `Not applied yet: ${pending.join(", ")}.`, cure)
  if (applied > shipped)
    return ok("migrations", `The database is at ${applied}, which still serves this release (${shipped}).`)
  return ok("migrations", `The database is at ${applied}, as this release.`)
}
