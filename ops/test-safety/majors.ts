import { join } from "node:path"
import { connect } from "../../server/database/connect.ts"
import { check, expect } from "../testing/check.ts"
import { docker, fetchImage } from "../testing/engine.ts"
import { startPostgres } from "../testing/postgres.ts"
import { refused } from "../testing/running-command.ts"
import { type Logical, ops } from "./operator.ts"

const IMAGE = process.env.POSTGRES_17_IMAGE ?? "postgres:17-trixie"

/**
 * A server and programs of the major version before, for real: none is ever taken for 18's. That a backup of 17 can't be had
 * is the first of it, so the one that a restore refuses says so of itself alone.
 */
export async function checkMajors(given: Logical) {
  const { site, writer, verifier, backup } = given
  const { address, images, prefix } = site
  await fetchImage(IMAGE).catch(() => buildImage(images.postgres))
  const older = await startPostgres(`${prefix}-older`, { image: IMAGE, address })
  await check("a database of PostgreSQL 17 is refused by name", async () => {
    const oldWriter = { ...writer, BACKUP_DATABASE_URL: older, POSTGRES_IMAGE: IMAGE }
    return refused(await ops(oldWriter, ["backup"]), 3, /is PostgreSQL 17, and Docket's databases are of 18/)
  })
  await check("a backup of 18 is not restored into a server of 17", async () => {
    const into17 = { ...verifier, RESTORE_DATABASE_URL: older }
    const told = refused(
      await ops(into17, ["restore", backup.id]),
      3,
      /of PostgreSQL 18, and this server is PostgreSQL 17/,
    )
    const sql = connect(older, { max: 1, statementTimeout: 10_000 })
    const left = await sql`select datname from pg_database where datname like 'docket_%'`
    await sql.end()
    expect(left.length === 0, "half a database is left")
    return told
  })
  await check("pg_dump and pg_restore of 17 are not let near a database of 18", async () => {
    const wrong = (program: string) =>
      new RegExp(`has ${program} \\(PostgreSQL\\) 17.*, and the database is of PostgreSQL 18`)
    refused(await ops({ ...writer, POSTGRES_IMAGE: IMAGE }, ["backup"]), 2, wrong("pg_dump"))
    return refused(
      await ops({ ...verifier, POSTGRES_IMAGE: IMAGE }, ["restore", backup.id]),
      2,
      wrong("pg_restore"),
    )
  })
}

async function buildImage(base: string) {
  console.log(`${IMAGE} cannot be pulled: one is built from Debian's package, on ${base}.`)
  const folder = join(import.meta.dir, "postgres-17")
  await docker("build", "--quiet", "--build-arg", `BASE=${base}`, "--tag", IMAGE, folder)
}
