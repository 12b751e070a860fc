import { connect } from "../database/connect.ts"
import { type EmbeddedDatabase, InUse, startEmbedded } from "../database/embedded.ts"
import { migrate } from "../database/migrate.ts"
import { ROOT } from "./repository.ts"

/** Starts a cluster with a migrated template to clone. It ends with this process. Returns its URL. */
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
async function startFree(number = 1): Promise<EmbeddedDatabase> {
  try {
    return await startEmbedded(`test-${number}`, { disposable: true })
  } catch (error) {
    if (error instanceof InUse) return startFree(number + 1)
    throw error
  }
}
