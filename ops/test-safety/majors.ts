import { join } from "node:path"
import { connect } from "../../server/database/connect.ts"
import { migrate } from "../../server/database/migrate.ts"
import * as release from "../../server/release.ts"
import { seed } from "../../server/testing/seed.ts"
import { check } from "../testing/check.ts"
import { docker, fetchImage } from "../testing/engine.ts"
import { startPostgres } from "../testing/postgres.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { type Logical, ops } from "./operator.ts"

const IMAGE = process.env.POSTGRES_17_IMAGE ?? "postgres:17-trixie"

/** Servers and programs of the major version before, for real: one is never taken for the other. */
export async function checkMajors({ site, writer, verifier, backup }: Logical) {
  const { address, images, prefix } = site
  await fetchImage(IMAGE).catch(() => buildImage(images.postgres))
  const older = await startPostgres(`${prefix}-older`, { image: IMAGE, address })
  await fillOlder(older)
  const beside = { BACKUP_S3_PREFIX: "older", POSTGRES_IMAGE: IMAGE }
  const oldWriter = { ...writer, ...beside, BACKUP_DATABASE_URL: older }
  const oldVerifier = { ...verifier, ...beside, RESTORE_DATABASE_URL: older }
  await check("PostgreSQL 17, by its own programs, is backed up and restored", async () => {
    succeeded(await ops(oldWriter, ["backup"]))
    const done = await ops(oldVerifier, ["restore"])
    succeeded(done)
    return `${done.said.seconds} s`
  })
  await check(
    "a backup of 17 into a server of 18, and one of 18 into a server of 17, are refused",
    async () => {
      const into18 = { ...oldVerifier, RESTORE_DATABASE_URL: site.elsewhere }
      refused(await ops(into18, ["restore"]), 3, /of PostgreSQL 17, and this server is PostgreSQL 18/)
      const into17 = { ...verifier, RESTORE_DATABASE_URL: older }
      return refused(
        await ops(into17, ["restore", backup.id]),
        3,
        /of PostgreSQL 18, and this server is PostgreSQL 17/,
      )
    },
  )
  await check(
    "programs of 18 for a database of 17, and of 17 for one of 18, are refused by name",
    async () => {
      const programs18 = { ...oldWriter, POSTGRES_IMAGE: images.postgres }
      refused(
        await ops(programs18, ["backup"]),
        2,
        /has pg_dump \(PostgreSQL\) 18.*, and the database is of PostgreSQL 17/,
      )
      const programs17 = { ...verifier, POSTGRES_IMAGE: IMAGE }
      return refused(
        await ops(programs17, ["restore", backup.id]),
        2,
        /has pg_restore \(PostgreSQL\) 17.*, and the database is of PostgreSQL 18/,
      )
    },
  )
}

async function buildImage(base: string) {
  console.log(`${IMAGE} cannot be pulled: one is built from Debian's package, on ${base}.`)
  const folder = join(import.meta.dir, "postgres-17")
  await docker("build", "--quiet", "--build-arg", `BASE=${base}`, "--tag", IMAGE, folder)
}

/** The schema wants 18's uuidv7(); 17 gets one that is as good for a test. */
async function fillOlder(url: string) {
  const sql = connect(url, { max: 1, statementTimeout: 0 })
  await sql`create function uuidv7() returns uuid language sql volatile as 'select gen_random_uuid()'`
  await migrate(sql, release.migrations)
  await seed(sql, { accounts: 5, lists: 2, todos: 20, prefix: "person", passwordHash: "$argon2id$none" })
  await sql.end({ timeout: 5 })
}
