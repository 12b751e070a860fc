import { afterAll } from "bun:test"
import { connect, type Pool } from "../database/connect.ts"
import { InUse, startEmbedded } from "../database/embedded.ts"
import { migrate } from "../database/migrate.ts"
import { ROOT } from "./repository.ts"

/**
 * An empty, migrated database for one test file: a clone of a template, dropped when the file is done.
 * The cluster is `TEST_DATABASE_CLUSTER` when the test command started one, else one of its own.
 */
export async function testDatabase(): Promise<{ sql: Pool; url: string }> {
  const cluster = await clusterUrl()
  const name = `test_${Bun.randomUUIDv7().replaceAll("-", "")}`
  const admin = connect(cluster, { max: 1, statementTimeout: 30_000 })
  await admin.unsafe(`create database ${name} template docket_template`)
  const url = Object.assign(new URL(cluster), { pathname: `/${name}` }).href
  const sql = connect(url, { max: 10, statementTimeout: 10_000 })
  afterAll(async () => {
    await sql.end({ timeout: 5 })
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
  })
  return { sql, url }
}

let started: Promise<string> | undefined

function clusterUrl(): Promise<string> {
  started ??= process.env.TEST_DATABASE_CLUSTER
    ? Promise.resolve(process.env.TEST_DATABASE_CLUSTER)
    : startCluster()
  return started
}

/** Starts a cluster with the migrated template. It ends with this process. Returns its URL. */
export async function startCluster(): Promise<string> {
  const cluster = await startFree()
  const admin = connect(cluster.url("postgres"), { max: 1, statementTimeout: 30_000 })
  const left =
    await admin`select datname as name from pg_database where datname ~ '^(test_|docket_template$)'`
  for (const { name } of left) await admin.unsafe(`drop database ${name} with (force)`)
  await admin`create database docket_template`
  const template = connect(cluster.url("docket_template"), { max: 1, statementTimeout: 30_000 })
  await migrate(template, `${ROOT}/migrations`)
  await template.end()
  await admin.end()
  return cluster.url("postgres")
}

/** Test runs side by side take the first cluster that no other run holds. */
async function startFree(number = 1): ReturnType<typeof startEmbedded> {
  try {
    return await startEmbedded(`test-${number}`, { disposable: true })
  } catch (error) {
    if (error instanceof InUse) return startFree(number + 1)
    throw error
  }
}
