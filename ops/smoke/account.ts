import { renewSmokeAccount, SMOKE_EMAIL } from "../../server/accounts/smoke-account.ts"
import { connect } from "../../server/database/connect.ts"
import type { Environment, SwarmEnvironment } from "../environments/environment.ts"
import { Engine } from "../swarm/engine.ts"
import { runAsServer } from "../swarm/server-task.ts"

/** Stores the hash of a run's password for the smoke account. Rejects with a sentence. */
export type StoreHash = (hash: string) => Promise<void>

/** How the account's hash gets into the database of `environment`, or why it cannot. */
export function storeHashOf(environment: Environment, engine?: Engine): StoreHash | { missing: string } {
  if (environment.kind === "swarm") return throughTask(environment, engine)
  const url = process.env.DATABASE_URL
  return url
    ? throughDatabase(url)
    : { missing: "DATABASE_URL, by which the smoke account gets its password, is not set here" }
}

/** Seconds from asking for the task to its end: an image that is there starts within a few. */
const PATIENCE = 60

/** By a task of the release that runs, with the server's own role: nothing of the database is opened. */
const throughTask =
  (environment: SwarmEnvironment, open?: Engine): StoreHash =>
  async (hash) => {
    const engine = open ?? (await Engine.open(environment))
    try {
      const task = { name: "smoke-account", command: ["bun", "smoke-account", hash], seconds: PATIENCE }
      const { ended, reason, output } = await runAsServer(engine, environment.stack, task)
      if (ended !== "done")
        throw new Error(`The task that prepares the smoke account ended as ${ended}: ${output || reason}`)
    } finally {
      if (!open) await engine[Symbol.asyncDispose]()
    }
  }

/** Straight into the database, where it can be reached from here. */
export const throughDatabase =
  (url: string): StoreHash =>
  async (hash) => {
    const sql = connect(url, { max: 1, statementTimeout: 10_000 })
    try {
      if ((await renewSmokeAccount(sql, hash)) === null)
        throw new Error(`A person has the address ${SMOKE_EMAIL}: change or delete that account first.`)
    } finally {
      await sql.end({ timeout: 5 })
    }
  }
