import { renewSmokeAccount } from "../../server/accounts/smoke-account.ts"
import { connect } from "../../server/database/connect.ts"
import type { SmokeOptions } from "./checks.ts"

/** Straight into the database, where it can be reached from here: `DATABASE_URL` of the pipeline. */
export const throughDatabase =
  (url: string): Extract<SmokeOptions["storeHash"], (hash: string) => Promise<void>> =>
  async (hash) => {
    const sql = connect(url, { max: 1, statementTimeout: 10_000 })
    try {
      await renewSmokeAccount(sql, hash)
    } finally {
      await sql.end({ timeout: 5 })
    }
  }
