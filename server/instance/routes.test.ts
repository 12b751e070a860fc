import { expect, test } from "bun:test"
import { testApp } from "../testing/app.ts"

const withMail = await testApp()
const closedWithoutMail = await testApp({ SMTP_HOST: "", SMTP_FROM_EMAIL: "", REGISTRATION: "closed" })

test("tells a stranger what the installation offers", async () => {
  const response = await withMail.request("GET", "/api/instance")
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    version: "0.0.0-test",
    registration: "open",
    mail: true,
    pageErrors: false,
  })
})

test("tells that registration is closed and letters are not sent", async () => {
  const response = await closedWithoutMail.request("GET", "/api/instance")
  expect(await response.json()).toEqual({
    version: "0.0.0-test",
    registration: "closed",
    mail: false,
    pageErrors: false,
  })
})
