import { connect } from "../../server/database/connect.ts"
import { listTodos } from "../../server/todos/listing.ts"
import { completeTodo, createTodo } from "../../server/todos/queries.ts"

// The limit: the same SQL on the same pool behind a bare Bun.serve, with no routes, no sign-in and no checks of
// what is sent. Who asks is believed.
const sql = connect(process.env.DATABASE_URL!, { max: 10, statementTimeout: 10_000 })

Bun.serve({
  port: Number(process.env.PORT),
  fetch: async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    const account = searchParams.get("account")!
    if (pathname === "/list") return Response.json(await listTodos(sql, account, { limit: 50 }))
    if (pathname === "/list-of-one")
      return Response.json(await listTodos(sql, account, { limit: 50, listId: searchParams.get("list")! }))
    if (pathname === "/create") {
      const fields = (await request.json()) as { title: string }
      return Response.json((await sql.begin((sql) => createTodo(sql, account, fields))).todo)
    }
    if (pathname === "/complete")
      return Response.json(await sql.begin((sql) => completeTodo(sql, account, searchParams.get("todo")!)))
    return new Response("ready")
  },
})
