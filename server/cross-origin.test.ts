import { describe, expect, test } from "bun:test"
import { requireSameOrigin } from "./cross-origin.ts"
import { Problem } from "./problems.ts"
import { testApp } from "./testing/app.ts"

const OURS = "https://docket.example.org"
const { request } = await testApp({ FRONTEND_URL: `${OURS}/` })

const LOOK_ALIKES = [
  "null",
  "https://docket.example.org.attacker.example",
  "https://attacker-docket.example.org",
  "https://www.docket.example.org",
  "https://docket.example.org:8443",
  "https://docket.example.org:443",
  "http://docket.example.org",
  "evil://https://docket.example.org",
  "docket.example.org",
  "https://docket.example.org/",
  "https://DOCKET.example.org",
  "*",
  "",
]

describe("cross-origin requests", () => {
  test("are allowed from the page's origin, with cookies", async () => {
    const answer = await request("GET", "/health/live", { headers: { Origin: OURS } })
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(OURS)
    expect(answer.headers.get("Access-Control-Allow-Credentials")).toBe("true")
    expect(answer.headers.get("Vary")).toContain("Origin")
    const exposed = answer.headers.get("Access-Control-Expose-Headers")?.split(", ")
    expect(exposed).toEqual(expect.arrayContaining(["ETag", "X-Request-Id", "Retry-After"]))
  })

  test("failures can be read from there too", async () => {
    for (const path of ["/api/nothing", "/health/live?a=1&a=2"]) {
      const answer = await request("GET", path, { headers: { Origin: OURS } })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(OURS)
      expect(answer.headers.get("Content-Type")).toBe("application/problem+json")
    }
  })

  test("a preflight is answered for every method and header that the page sends", async () => {
    const preflight = (origin: string) =>
      request("OPTIONS", "/api/todos", {
        headers: {
          Origin: origin,
          "Access-Control-Request-Method": "PATCH",
          "Access-Control-Request-Headers": "authorization, content-type, if-match",
        },
      })
    const answer = await preflight(OURS)
    expect(answer.status).toBe(204)
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe(OURS)
    expect(answer.headers.get("Access-Control-Allow-Methods")).toContain("PATCH")
    expect(answer.headers.get("Access-Control-Allow-Headers")).toContain("If-Match")
    for (const origin of LOOK_ALIKES) {
      expect((await preflight(origin)).headers.has("Access-Control-Allow-Origin"), origin).toBe(false)
    }
  })

  test("are not allowed from any other origin, however alike", async () => {
    for (const origin of LOOK_ALIKES) {
      const answer = await request("GET", "/health/live", { headers: { Origin: origin } })
      expect(answer.headers.has("Access-Control-Allow-Origin"), origin).toBe(false)
      expect(answer.headers.get("Vary"), origin).toContain("Origin")
    }
  })

  test("are allowed from nowhere when no page is configured", async () => {
    const closed = await testApp({ FRONTEND_URL: "", SMTP_HOST: "", SMTP_FROM_EMAIL: "" })
    for (const origin of [OURS, "http://localhost", "null"]) {
      const answer = await closed.request("GET", "/health/live", { headers: { Origin: origin } })
      expect(answer.headers.has("Access-Control-Allow-Origin")).toBe(false)
    }
  })
})

describe("a cookie's request", () => {
  const from = (origin: string | null) =>
    new Request("http://localhost:8000/api/sessions/current/refresh", {
      method: "POST",
      headers: origin === null ? {} : { Origin: origin },
    })

  test("comes from our own page", () => {
    expect(() => requireSameOrigin(from(OURS), { frontendUrl: OURS })).not.toThrow()
    for (const origin of [...LOOK_ALIKES, null, "http://localhost:8000"]) {
      expect(() => requireSameOrigin(from(origin), { frontendUrl: OURS })).toThrow(Problem)
    }
  })

  test("comes from where the server was reached when no page is configured", () => {
    expect(() => requireSameOrigin(from("http://localhost:8000"), { frontendUrl: null })).not.toThrow()
    for (const origin of ["http://localhost:8001", "http://localhost", "null", null, "nonsense"]) {
      expect(() => requireSameOrigin(from(origin), { frontendUrl: null })).toThrow(Problem)
    }
  })
})
