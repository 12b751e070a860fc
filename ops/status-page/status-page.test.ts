import { afterAll, describe, expect, test } from "bun:test"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DAYS, daysOf, type Found, type History, SLOTS_OF_A_DAY, sum, verdict, withLook } from "./history.ts"
import { look } from "./look.ts"
import { bucketPlace, folderPlace, type Place } from "./place.ts"
import { render } from "./render.ts"
import { writeStatus } from "./write.ts"

const MINUTE = 60_000
const START = Date.parse("2026-01-31T23:50:00Z")
const WORKS: Found = { page: "up", api: "up", database: "up", mail: "up" }
const title = "docket.example.org"

/** Looks at these minutes after START. */
const looks = (found: [minute: number, found: Found][], history: History | null = null) =>
  found.reduce((history, [minute, found]) => withLook(history, found, START + minute * MINUTE), history)!
const last = (history: History, minute: number, part: "all" | keyof Found = "all") =>
  daysOf(history, part, START + minute * MINUTE)

describe("a history", () => {
  test("counts each look on its own UTC day, and a new day begins at midnight", () => {
    const history = looks([
      [0, WORKS],
      [5, WORKS],
      [10, WORKS],
      [14, WORKS],
      [15, WORKS],
    ])
    expect(Object.entries(history.days).map(([day, { all }]) => [day, all])).toEqual([
      ["2026-01-31", { up: 2, down: 0 }],
      ["2026-02-01", { up: 2, down: 0 }],
    ])
    expect(sum(last(history, 16))).toEqual({ up: 4, down: 0, unknown: 0 })
  })

  test("takes a look that is missing for unknown, and never for up", () => {
    const history = looks([
      [0, WORKS],
      [60, WORKS],
    ])
    expect(sum(last(history, 61))).toEqual({ up: 2, down: 0, unknown: 11 })
    // The monitor is away since.
    expect(sum(last(history, 24 * 60)).unknown).toBe(SLOTS_OF_A_DAY - 2)
    expect(last(history, 3 * 24 * 60).at(-2)).toMatchObject({
      day: "2026-02-02",
      up: 0,
      unknown: SLOTS_OF_A_DAY,
    })
    // Before the first look there was nothing to know.
    expect(sum(last(history, 61).slice(0, -2))).toEqual({ up: 0, down: 0, unknown: 0 })
  })

  test("keeps a part that fails apart from those that work", () => {
    const history = looks([
      [0, { ...WORKS, database: "down" }],
      [5, { ...WORKS, mail: "down" }],
      [10, { ...WORKS, mail: null }],
    ])
    expect(sum(last(history, 12, "database"))).toEqual({ up: 2, down: 1, unknown: 0 })
    expect(sum(last(history, 12, "page"))).toEqual({ up: 3, down: 0, unknown: 0 })
    expect(sum(last(history, 12, "mail"))).toEqual({ up: 1, down: 1, unknown: 1 })
    expect(sum(last(history, 12))).toEqual({ up: 2, down: 1, unknown: 0 })
  })

  test("counts a time once, however many look, and as down if one of them finds it so", () => {
    const history = looks([
      [0, WORKS],
      [1, WORKS],
      [2, { ...WORKS, api: "down" }],
      [4, WORKS],
    ])
    expect(history.days["2026-01-31"]).toMatchObject({
      api: { up: 0, down: 1 },
      page: { up: 1, down: 0 },
      all: { up: 0, down: 1 },
    })
  })

  test("is bounded: 90 days, and no day of more looks than it has", () => {
    let history: History | null = null
    for (let day = 0; day < 400; day += 1) history = looks([[day * 24 * 60, WORKS]], history)
    expect(Object.keys(history!.days)).toHaveLength(DAYS)
    expect(JSON.stringify(history).length).toBeLessThan(20_000)
  })

  test("says that a goal was met only by what was seen", () => {
    expect(verdict({ up: 999, down: 1, unknown: 0 }, 0.999)).toBe("met")
    expect(verdict({ up: 998, down: 2, unknown: 0 }, 0.999)).toBe("missed")
    expect(verdict({ up: 998, down: 0, unknown: 2 }, 0.999)).toBe("unknown")
    expect(verdict({ up: 500, down: 2, unknown: 498 }, 0.999)).toBe("missed")
    expect(verdict({ up: 0, down: 0, unknown: 0 }, 0.999)).toBe("unknown")
  })
})

/** A bucket of our own that knows conditions (S3, "Conditional writes"); `refuses` makes it one that says no. */
function bucket() {
  const objects = new Map<string, { text: string; tag: string; type: string | null }>()
  let refusing = false
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const key = new URL(request.url).pathname.slice("/status/".length)
      const known = objects.get(key)
      if (refusing) return new Response("<Error><Code>AccessDenied</Code></Error>", { status: 403 })
      if (request.method === "GET")
        return known
          ? new Response(known.text, { headers: { ETag: known.tag } })
          : new Response(null, { status: 404 })
      const text = await request.text()
      const [match, noneMatch] = [request.headers.get("If-Match"), request.headers.get("If-None-Match")]
      if ((match && match !== known?.tag) || (noneMatch === "*" && known))
        return new Response(null, { status: 412 })
      objects.set(key, { text, tag: `"${Bun.hash(text)}"`, type: request.headers.get("Content-Type") })
      return new Response()
    },
  })
  afterAll(() => server.stop(true))
  const settings = {
    bucket: "status",
    region: "us-east-1",
    accessKeyId: "id",
    secretAccessKey: "secret",
    prefix: "",
  }
  return {
    place: bucketPlace({ ...settings, endpoint: `http://127.0.0.1:${server.port}` }),
    objects,
    refuse: () => {
      refusing = true
    },
  }
}

async function folder() {
  const path = await mkdtemp(join(tmpdir(), "docket-status-"))
  afterAll(() => rm(path, { recursive: true }))
  return path
}

const written = async (place: Place) => JSON.parse((await place.read("history.json"))!.text) as History

describe("writing", () => {
  test("a bucket gets the history and the page, by types that browsers show", async () => {
    const { place, objects } = bucket()
    await writeStatus(place, { title, found: WORKS, now: START })
    await writeStatus(place, { title, found: WORKS, now: START + 5 * MINUTE })
    expect((await written(place)).days["2026-01-31"]!.all).toEqual({ up: 2, down: 0 })
    expect(objects.get("index.html")!.type).toBe("text/html; charset=utf-8")
    expect(objects.get("index.html")!.text).toContain("Everything works")
  })

  test("two writers at once lose neither's look", async () => {
    const { place } = bucket()
    await writeStatus(place, { title, found: WORKS, now: START })
    await Promise.all([
      writeStatus(place, { title, found: WORKS, now: START + 5 * MINUTE }),
      writeStatus(place, { title, found: { ...WORKS, page: "down" }, now: START + 6 * MINUTE }),
    ])
    expect((await written(place)).days["2026-01-31"]).toMatchObject({
      page: { up: 1, down: 1 },
      api: { up: 2, down: 0 },
    })
  })

  test("a history that cannot be read is kept aside as it is, and told", async () => {
    for (const damaged of ['{"format":1,"days":', '{"format":2}', ""]) {
      const path = await folder()
      const place = folderPlace(path)
      await Bun.write(join(path, "history.json"), damaged)
      const { keptAside, history } = await writeStatus(place, { title, found: WORKS, now: START })
      expect(keptAside).toBe("history-unreadable-20260131235000.json")
      expect(await Bun.file(join(path, keptAside!)).text()).toBe(damaged)
      expect(history.since).toBe(new Date(START).toISOString())
      expect((await readdir(path)).filter((name) => name.endsWith(".new"))).toEqual([])
    }
  })

  test("a clock that is behind, and a bucket that refuses, are named and change nothing", async () => {
    const { place, objects, refuse } = bucket()
    await writeStatus(place, { title, found: WORKS, now: START + 60 * MINUTE })
    const before = objects.get("history.json")!.text
    await expect(writeStatus(place, { title, found: WORKS, now: START })).rejects.toThrow(
      "clock of this machine",
    )
    refuse()
    await expect(writeStatus(place, { title, found: WORKS, now: START + 70 * MINUTE })).rejects.toThrow(
      "status refused reading history.json (AccessDenied)",
    )
    expect(objects.get("history.json")!.text).toBe(before)
  })
})

describe("a look", () => {
  const serve = (answers: Record<string, () => Response>) => {
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request) => answers[new URL(request.url).pathname]?.() ?? new Response(null, { status: 502 }),
    })
    afterAll(() => server.stop(true))
    return server.url.origin
  }
  const page = () => new Response("<script></script>", { headers: { "Content-Type": "text/html" } })
  const instance = () => Response.json({ version: "1" })
  const health = (database: string, mail: string) => () =>
    Response.json(
      { database, checks: { mail: { status: mail } } },
      { status: database === "connected" ? 200 : 503 },
    )

  test("tells the parts from each other", async () => {
    const ask = (answers: Record<string, () => Response>) => look(serve(answers), 1)
    expect(await ask({ "/": page, "/api/instance": instance, "/health": health("connected", "ok") })).toEqual(
      WORKS,
    )
    expect(
      await ask({ "/": page, "/api/instance": instance, "/health": health("disconnected", "unknown") }),
    ).toEqual({ ...WORKS, database: "down", mail: null })
    expect(
      await ask({ "/": page, "/api/instance": instance, "/health": health("connected", "degraded") }),
    ).toEqual({ ...WORKS, mail: "down" })
    expect(await ask({ "/": page })).toEqual({ page: "up", api: "down", database: "down", mail: null })
    expect(await look("http://127.0.0.1:9", 1)).toEqual({
      page: "down",
      api: "down",
      database: "down",
      mail: null,
    })
  })

  test("does not take one answer that is lost for an outage", async () => {
    let asked = 0
    const flaky = () => (++asked === 1 ? new Response(null, { status: 502 }) : page())
    expect(
      (await look(serve({ "/": flaky, "/api/instance": instance, "/health": health("connected", "ok") }), 1))
        .page,
    ).toBe("up")
  })
})

test("the page says what is, without a script, and nothing of it is taken for markup", () => {
  const history = looks([
    [0, WORKS],
    [5, { ...WORKS, api: "down" }],
  ])
  const html = render(history, { title: "<b>me</b>", now: START + 6 * MINUTE })
  expect(html).not.toMatch(/<script|<b>/)
  expect(html).toContain("A part does not work")
  expect(html).toContain("2026-01-31 23:56 UTC")
  expect(html).toContain("50.00 %")
  expect(html).toContain('<th scope="row">2026-01-31</th><td>about 5 minutes</td>')
  expect(html).toContain("The goal of 99.9 % was missed")
})
