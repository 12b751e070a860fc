import { readConfig } from "../../server/config.ts"
import { connect } from "../../server/database/connect.ts"
import type { SyncRequest } from "../../server/sync/shapes.ts"
import { leastSql } from "./least-sql.ts"

// What a push takes that is not looked at: the least SQL behind a bare Bun.serve, on a pool like Docket's. Who asks is
// believed, and the answer says no more than that it is done.
const config = readConfig()
const sql = connect(config.databaseUrl, { max: config.databasePoolSize, statementTimeout: 10_000 })

Bun.serve({
  port: config.port,
  fetch: async (request) => {
    if (request.method !== "POST") return new Response("ready")
    const { searchParams } = new URL(request.url)
    const { ops } = (await request.json()) as SyncRequest
    await leastSql(sql, searchParams.get("account")!, searchParams.get("list")!, ops)
    return Response.json({ acks: ops.map(({ id }) => ({ id })) })
  },
})
