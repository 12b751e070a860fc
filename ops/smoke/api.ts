import { SMOKE_EMAIL } from "../../server/accounts/smoke-account.ts"
import { type Ask, ask, type Outside } from "./outside.ts"

/** Signed in as the smoke account, at the first domain. */
export type SmokeSession = { outside: Outside; token: string }

type Todo = { id: string; listId: string; title: string }

export async function signIn(
  outside: Outside,
  password: string,
  headers: Record<string, string> = {},
): Promise<SmokeSession> {
  const answer = await ask(outside, outside.domains[0]!, "/api/sessions", {
    method: "POST",
    headers,
    body: { email: SMOKE_EMAIL, password },
  })
  const { accessToken } = await bodyOf<{ accessToken: string }>(answer, 201, "Signing in")
  return { outside, token: accessToken }
}

/** With an id of its own, so that being sent twice makes one. */
export async function createTodo(session: SmokeSession): Promise<Todo> {
  const id = Bun.randomUUIDv7()
  const answer = await call(session, "/api/todos", {
    method: "POST",
    body: { id, title: `Smoke test ${id}` },
  })
  // 200 when an answer was lost on the way and the creation sent again.
  const todo = await bodyOf<Todo>(answer, answer.status === 200 ? 200 : 201, "Creating a todo")
  if (todo.id !== id) throw new Error("Creating a todo answered another todo than the one that was sent.")
  return todo
}

export async function findTodo(session: SmokeSession, { id, listId, title }: Todo): Promise<void> {
  const answer = await call(session, `/api/todos?listId=${listId}&sort=createdAt&direction=descending`)
  const { items } = await bodyOf<{ items: Todo[] }>(answer, 200, "Listing todos")
  if (!items.some((todo) => todo.id === id && todo.title === title))
    throw new Error("Listing todos does not show the one that was just created.")
}

export async function deleteTodo(session: SmokeSession, { id }: Todo): Promise<void> {
  await bodyOf(await call(session, `/api/todos/${id}`, { method: "DELETE" }), 204, "Deleting the todo")
  const gone = await call(session, `/api/todos/${id}`)
  const { trashedAt } = await bodyOf<{ trashedAt: string | null }>(gone, 200, "Reading the deleted todo")
  if (trashedAt === null) throw new Error("The todo that was deleted is not in the trash.")
}

/** Where the server saw this session come from. */
export async function seenFrom(session: SmokeSession): Promise<string> {
  const answer = await call(session, "/api/sessions")
  const { items } = await bodyOf<{ items: { current: boolean; address: string }[] }>(
    answer,
    200,
    "Listing sessions",
  )
  return items.find(({ current }) => current)?.address ?? "nowhere"
}

export async function signOut(session: SmokeSession): Promise<void> {
  await bodyOf(await call(session, "/api/sessions/current", { method: "DELETE" }), 204, "Signing out")
}

const call = ({ outside, token }: SmokeSession, path: string, options: Ask = {}) =>
  ask(outside, outside.domains[0]!, path, { ...options, headers: { Authorization: `Bearer ${token}` } })

/** The answer's JSON; throws a sentence with the status and the problem's name if it is not `status`. */
async function bodyOf<T>(answer: Response, status: number, what: string): Promise<T> {
  const body = (await answer.json().catch(() => null)) as { type?: string } | null
  if (answer.status === status) return body as T
  const problem = body?.type?.split(":").pop()
  throw new Error(`${what} answered ${answer.status}${problem ? ` (${problem})` : ""} instead of ${status}.`)
}
