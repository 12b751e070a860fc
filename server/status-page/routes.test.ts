import { expect, test } from "bun:test"
import { testApp } from "../testing/app.ts"

test("/status leads to the page that is written elsewhere", async () => {
  const { request } = await testApp({ STATUS_PAGE_URL: "https://status.example.org/docket/" })
  const answer = await request("GET", "/status")
  expect(answer.status).toBe(302)
  expect(answer.headers.get("Location")).toBe("https://status.example.org/docket/")
})

test("without one it says so, where a person reads it", async () => {
  const { request } = await testApp()
  const answer = await request("GET", "/status", { headers: { Accept: "text/html" } })
  expect(answer.status).toBe(404)
  expect(answer.headers.get("Content-Type")).toStartWith("text/html")
  expect(await answer.text()).toContain("no public status page")
})
