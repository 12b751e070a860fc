import { readConfig } from "../../server/config.ts"
import { connect } from "../../server/database/connect.ts"
import { securityHeaders } from "../../server/security-headers.ts"
import { listTodos } from "../../server/todos/listing.ts"
import { completeTodo, createTodo } from "../../server/todos/queries.ts"

// The limit: the same SQL on the same pool behind a bare Bun.serve, with no routes, no sign-in and no checks of
// what is sent. Who asks is believed. The answer is the same, headers included: Bun sends an answer of more than
// 16 KiB, which is about what 50 todos take, in parts, and that costs more than all that is compared here.
const config = readConfig()
const sql = connect(config.databaseUrl, { max: config.databasePoolSize, statementTimeout: 10_000 })
const secure = securityHeaders(config)

Bun.serve({
  port: config.port,
  fetch: async (request) => {
    const response = Response.json(await answer(request))
    secure(response, false)
    return response
  },
})

async function answer(request: Request): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url)
  const account = searchParams.get("account")!
  switch (pathname) {
    case "/list":
      return listTodos(sql, account, { limit: 50 })
    case "/list-of-one":
      return listTodos(sql, account, { limit: 50, listId: searchParams.get("list")! })
    case "/create": {
      const fields = (await request.json()) as { title: string }
      return (await sql.begin((sql) => createTodo(sql, account, fields))).todo
    }
    case "/complete":
      return sql.begin((sql) => completeTodo(sql, account, searchParams.get("todo")!))
    default:
      return "ready"
  }
}
