import { describe, expect, test } from "bun:test"
import { signIn, testApp } from "../testing/app.ts"
import { SORTS, type Todo, type TodoPage } from "./shapes.ts"

const app = await testApp()
const { request } = await signIn(app)

const garden = (
  (await (await request("POST", "/api/lists", { body: { name: "Garden" } })).json()) as { id: string }
).id
const todos: Todo[] = []
for (let n = 0; n < 13; n++) {
  const body = {
    title: `${["beans", "Äpfel", "apricots", "Çay"][n % 4]} ${n % 2}`,
    priority: ["none", "low", "medium", "high"][n % 4],
    dueDate: n % 3 ? `2026-01-0${1 + (n % 5)}` : null,
    listId: n % 2 ? garden : undefined,
  }
  const todo: Todo = await (await request("POST", "/api/todos", { body })).json()
  todos.push(n % 4 === 1 ? await (await request("PUT", `/api/todos/${todo.id}/completion`)).json() : todo)
}

const list = async (query: string): Promise<TodoPage> => {
  const response = await request("GET", `/api/todos?${query}`)
  expect(response.status).toBe(200)
  return response.json()
}

describe("every sort pages through all todos in its order, without a gap or a repeat", () => {
  const folded = (title: string) => title.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "")
  const keys: Record<(typeof SORTS)[number], (todo: Todo) => string | number | null> = {
    position: ({ listId, position }) => `${listId === garden ? 1 : 0}${position}`,
    dueDate: ({ dueDate }) => dueDate,
    priority: ({ priority }) => ["none", "low", "medium", "high"].indexOf(priority),
    title: ({ title }) => folded(title),
    createdAt: ({ createdAt }) => createdAt,
    updatedAt: ({ updatedAt }) => updatedAt,
    completedAt: ({ completedAt }) => completedAt,
  }
  const filters: Record<string, (todo: Todo) => boolean> = {
    "": () => true,
    [`&listId=${garden}`]: ({ listId }) => listId === garden,
    "&completed=false": ({ completedAt }) => completedAt === null,
    "&completed=true": ({ completedAt }) => completedAt !== null,
    "&priority=low,high": ({ priority }) => priority === "low" || priority === "high",
    "&dueFrom=2026-01-02&dueTo=2026-01-03": ({ dueDate }) =>
      dueDate !== null && dueDate >= "2026-01-02" && dueDate <= "2026-01-03",
  }
  for (const sort of SORTS)
    for (const direction of ["ascending", "descending"])
      test(`${sort}, ${direction}`, async () => {
        const sign = direction === "ascending" ? 1 : -1
        const compare = <T extends string | number>(one: T, other: T) =>
          one === other ? 0 : one < other ? -sign : sign
        const order = (one: Todo, other: Todo) => {
          const [a, b] = [keys[sort](one), keys[sort](other)]
          // What lacks a value comes last both ways.
          if (a === null || b === null) return a === b ? compare(one.id, other.id) : a === null ? 1 : -1
          return compare(a as string, b as string) || compare(one.id, other.id)
        }
        for (const [filter, keep] of Object.entries(filters)) {
          const paged: Todo[] = []
          let cursor: string | null = null
          do {
            const query = `sort=${sort}&direction=${direction}${filter}&limit=2${cursor ? `&cursor=${cursor}` : ""}`
            const page: TodoPage = await list(query)
            paged.push(...page.items)
            cursor = page.nextCursor
          } while (cursor)
          expect(paged).toEqual(todos.filter(keep).sort(order))
        }
      })
})

test("a todo that is added while someone pages neither repeats nor hides another", async () => {
  const other = await signIn(app)
  const titles = async () => {
    const page: TodoPage = await (await other.request("GET", "/api/todos?limit=2")).json()
    await other.request("POST", "/api/todos", { body: { title: "in front", position: "Zz" } })
    const next: TodoPage = await (
      await other.request("GET", `/api/todos?limit=2&cursor=${page.nextCursor}`)
    ).json()
    return [...page.items, ...next.items].map(({ title }) => title)
  }
  for (const title of ["1", "2", "3", "4"]) await other.request("POST", "/api/todos", { body: { title } })
  expect(await titles()).toEqual(["1", "2", "3", "4"])
})

describe("a cursor is refused", () => {
  const refused = async (query: string) => {
    const response = await request("GET", `/api/todos?${query}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ path: "/cursor", code: "not-a-cursor" }] })
  }
  test("of another sort, direction, filter or list", async () => {
    const { nextCursor } = await list("limit=2&sort=title")
    for (const other of ["sort=dueDate", "sort=title&direction=descending", "sort=title&completed=false"])
      await refused(`${other}&cursor=${nextCursor}`)
    await refused(`sort=title&listId=${garden}&cursor=${nextCursor}`)
    expect((await list(`sort=title&limit=200&cursor=${nextCursor}`)).items).toHaveLength(11)
  })
  test("not for the order in which the same filters are written", async () => {
    const { nextCursor } = await list("limit=2&sort=title&completed=false&priority=none,high")
    const same = await list(`cursor=${nextCursor}&priority=none,high&completed=false&sort=title&limit=2`)
    expect(same.items).toHaveLength(2)
  })
  test("that is made up, whatever it holds", async () => {
    for (const text of ["x", "AAAA", "e30", "W10", "null", "%F0%9F%8C%B1"]) await refused(`cursor=${text}`)
    const { nextCursor } = await list("limit=2&sort=dueDate")
    const [bound, ...place] = JSON.parse(Buffer.from(nextCursor!, "base64url").toString())
    const forged = (...values: unknown[]) =>
      refused(`sort=dueDate&cursor=${Buffer.from(JSON.stringify([bound, ...values])).toString("base64url")}`)
    await forged("2026-02-30", place[1])
    await forged(place[0], "no id")
    await forged(place[0], null)
    await forged(...place, "more")
    await forged(5, place[1])
    await forged({}, place[1])
  })
})

const reader = await signIn(app)
for (const title of [
  "Révision de l’été",
  "给妈妈打电话",
  "50% off",
  "snake_case",
  "back\\slash",
  "STRASSE 5",
])
  await reader.request("POST", "/api/todos", { body: { title } })
await reader.request("POST", "/api/todos", { body: { title: "Shop", notes: "milk\nand Crème fraîche" } })

describe("a search", () => {
  const find = async (text: string) =>
    (
      (await (
        await reader.request("GET", `/api/todos?text=${encodeURIComponent(text)}&sort=title`)
      ).json()) as TodoPage
    ).items.map(({ title }) => title)
  for (const [text, found] of [
    ["revision", ["Révision de l’été"]],
    ["REVISIÓN", ["Révision de l’été"]],
    ["re\u0301vis", ["Révision de l’été"]],
    ["妈", ["给妈妈打电话"]],
    ["妈妈", ["给妈妈打电话"]],
    ["妈妈打", ["给妈妈打电话"]],
    ["creme fra", ["Shop"]],
    ["50%", ["50% off"]],
    ["50％", ["50% off"]],
    ["%", ["50% off"]],
    ["_", ["snake_case"]],
    ["k\\s", ["back\\slash"]],
    ["straße", ["STRASSE 5"]],
    ["nothing like it", []],
  ] as const)
    test(`for “${text}”`, async () => expect(await find(text)).toEqual([...found]))

  test("looks only through one's own", async () => {
    const other = await signIn(app)
    expect(await (await other.request("GET", "/api/todos?text=milk")).json()).toEqual({
      items: [],
      nextCursor: null,
    })
  })
})

describe("a query is refused", () => {
  for (const [query, fault] of [
    ["limit=0", "/limit too-small"],
    ["limit=201", "/limit too-large"],
    ["limit=ten", "/limit wrong-type"],
    ["sort=rank", "/sort not-one-of"],
    ["completed=maybe", "/completed wrong-type"],
    ["priority=urgent", "/priority not-one-of"],
    ["dueFrom=2026-02-30", "/dueFrom not-a-date"],
    ["listId=inbox", "/listId not-a-uuid"],
    [`text=${"x".repeat(201)}`, "/text too-long"],
    ["colour=red", "/colour unknown-member"],
  ])
    test(`${query!.slice(0, 40)}`, async () => {
      const response = await request("GET", `/api/todos?${query}`)
      expect(response.status).toBe(400)
      const { errors } = (await response.json()) as { errors: { path: string; code: string }[] }
      expect(`${errors[0]?.path} ${errors[0]?.code}`).toBe(fault!)
    })
})
