import { afterAll } from "bun:test"
import { connect, type Pool } from "../database/connect.ts"
import { startCluster } from "./cluster.ts"

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
