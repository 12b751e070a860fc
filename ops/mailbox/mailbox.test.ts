import { afterAll, expect, test } from "bun:test"
import { createTransport } from "nodemailer"
import { startMailbox } from "./mailbox.ts"

const mailbox = await startMailbox({ port: 0 })
afterAll(async () => {
  transport.close()
  await mailbox.stop()
})
const { SMTP_HOST, SMTP_PORT, SMTP_USERNAME, SMTP_PASSWORD, SMTP_CA } = mailbox.environment
const transport = createTransport({
  pool: true,
  host: SMTP_HOST,
  port: Number(SMTP_PORT),
  requireTLS: true,
  auth: { user: SMTP_USERNAME, pass: SMTP_PASSWORD },
  tls: { ca: SMTP_CA },
})
const get = (path: string, init?: RequestInit) => fetch(new URL(path, mailbox.url), init)
const send = (subject: string) =>
  transport.sendMail({
    from: "Docket <docket@example.org>",
    to: "ana@example.org",
    subject,
    text: "Follow http://localhost:8000/verify#token=abc to go on.",
    html: '<p>Follow <a href="http://localhost:8000/verify#token=abc">this</a><script>alert(1)</script></p>',
  })

test("a letter is listed, read and followed", async () => {
  await send("Welcome, Ana")
  const [listed] = await (await get("/letters")).json()
  expect(listed).toMatchObject({ to: "ana@example.org", subject: "Welcome, Ana" })
  const opened = await (await get(`/letters/${listed.id}`)).json()
  expect(opened.links).toEqual(["http://localhost:8000/verify#token=abc"])
  expect(opened.from).toBe("Docket <docket@example.org>")
  const html = await get(`/letters/${listed.id}/html`)
  expect(await html.text()).toContain("http://localhost:8000/verify#token=abc")
  expect(html.headers.get("content-security-policy")).toContain("sandbox")
  expect(await (await get(`/letters/${listed.id}/source`)).text()).toContain("Subject: Welcome, Ana")
})

test("the page is served whole, from this machine alone", async () => {
  const page = await (await get("/")).text()
  expect(page).toContain("Letters")
  for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    if (path === "data:,") continue
    expect(path).toMatch(/^\.?\//)
    expect((await get(path!)).status).toBe(200)
  }
})

test("a page elsewhere whose name leads to loopback reads nothing", async () => {
  const answer = await get("/letters", { headers: { Host: "evil.example" } })
  expect(answer.status).toBe(403)
})

test("only so many letters are kept, and all can be deleted", async () => {
  for (let n = 0; n < 205; n++) await send(`Letter ${n}`)
  const kept = await (await get("/letters")).json()
  expect(kept).toHaveLength(200)
  expect(kept[0].subject).toBe("Letter 204")
  await get("/letters", { method: "DELETE" })
  expect(await (await get("/letters")).json()).toEqual([])
})
