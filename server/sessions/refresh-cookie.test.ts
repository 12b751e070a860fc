import { expect, test } from "bun:test"
import { readConfig } from "../config.ts"
import { noRefreshCookie, readRefreshCookie, refreshCookie } from "./refresh-cookie.ts"

const configFor = (frontend: string) =>
  readConfig({
    DATABASE_URL: "postgres://docket@127.0.0.1/docket",
    JWT_SECRET_KEY: "a key for tests that is long enough to be one",
    FRONTEND_URL: frontend,
  })
const [https, http] = [configFor("https://docket.example.org"), configFor("http://localhost:8000")]

test("scripts, other sites and other paths do not get the cookie, nor does plain HTTP where the page has TLS", () => {
  const attributes = refreshCookie(https, "abc", 60).split("; ")
  expect(attributes[0]).toBe("__Secure-docket-refresh=abc")
  expect(attributes.slice(1).sort()).toEqual(
    ["HttpOnly", "Max-Age=60", "Path=/api/sessions/current", "SameSite=Strict", "Secure"].sort(),
  )
})

test("without TLS the cookie is not Secure, and its name promises nothing", () => {
  const cookie = refreshCookie(http, "abc", 60)
  expect(cookie).toStartWith("docket-refresh=abc;")
  expect(cookie).not.toContain("Secure")
})

test("it is read back among others, and can be taken away", () => {
  expect(readRefreshCookie(https, "a=b; __Secure-docket-refresh=abc; c=d")).toBe("abc")
  expect(readRefreshCookie(https, "docket-refresh=abc")).toBeNull()
  expect(readRefreshCookie(http, undefined)).toBeNull()
  expect(noRefreshCookie(http)).toContain("Max-Age=0")
})
