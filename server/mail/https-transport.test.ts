import { afterAll, beforeEach, expect, test } from "bun:test"
import { readConfig } from "../config.ts"
import { makeCertificate } from "../testing/certificate.ts"
import type { Message, SendFault } from "./transport.ts"
import { mailTransport } from "./transports.ts"

const { key, cert, ca } = await makeCertificate()
/** What the provider was asked, and what it answers. */
const asked: { path: string; headers: Headers; body: Record<string, unknown> | null }[] = []
let answer: () => Response | Promise<Response>
beforeEach(() => {
  asked.length = 0
  answer = () => Response.json({ id: "1" })
})
const provider = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  tls: { key, cert },
  fetch: async (request) => {
    const text = await request.text()
    asked.push({
      path: `${request.method} ${new URL(request.url).pathname}`,
      headers: request.headers,
      body: text ? JSON.parse(text) : null,
    })
    return answer()
  },
})
afterAll(() => provider.stop(true))

const transport = (name: string, environment: Record<string, string> = {}) =>
  mailTransport(
    readConfig({
      ENVIRONMENT: "test",
      DATABASE_URL: "postgres://localhost/none",
      JWT_SECRET_KEY: "a key for tests that is long enough to be one",
      FRONTEND_URL: "https://docket.example.org",
      SMTP_FROM_EMAIL: "docket@example.org",
      MAIL_HTTPS_PROVIDER: name,
      MAIL_HTTPS_KEY: "the-key",
      MAIL_HTTPS_URL: `https://localhost:${provider.port}/api`,
      SMTP_CA: ca,
      ...environment,
    }),
  )!

const message: Message = {
  from: { name: "Docket", address: "docket@example.org" },
  to: "ana@example.org",
  subject: "確認",
  text: "text",
  html: "<p>html</p>",
  messageId: "<1@example.org>",
  date: new Date(),
  headers: { "Auto-Submitted": "auto-generated" },
}
const headers = { "Auto-Submitted": "auto-generated", "Message-ID": "<1@example.org>" }
const fault = (promise: Promise<unknown>): Promise<SendFault> =>
  promise.then(
    () => {
      throw new Error("it was taken")
    },
    (error) => error,
  )

test("Resend is told the letter in its own words", async () => {
  await transport("resend").send(message)
  expect(asked[0]!.path).toBe("POST /api/emails")
  expect(asked[0]!.headers.get("authorization")).toBe("Bearer the-key")
  expect(asked[0]!.body).toEqual({
    from: "Docket <docket@example.org>",
    to: ["ana@example.org"],
    subject: "確認",
    html: "<p>html</p>",
    text: "text",
    headers,
  })
})

test("a sender's name with punctuation is quoted", async () => {
  await transport("resend").send({
    ...message,
    from: { name: "Docket, Inc.", address: "docket@example.org" },
  })
  expect(asked[0]!.body!.from).toBe('"Docket, Inc." <docket@example.org>')
})

test("so is Postmark", async () => {
  await transport("postmark").send(message)
  expect(asked[0]!.path).toBe("POST /api/email")
  expect(asked[0]!.headers.get("x-postmark-server-token")).toBe("the-key")
  expect(asked[0]!.body).toMatchObject({
    From: "Docket <docket@example.org>",
    To: "ana@example.org",
    Subject: "確認",
    HtmlBody: "<p>html</p>",
    TextBody: "text",
    Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
    TrackLinks: "None",
  })
})

test("so is Brevo", async () => {
  await transport("brevo").send(message)
  expect(asked[0]!.path).toBe("POST /api/smtp/email")
  expect(asked[0]!.headers.get("api-key")).toBe("the-key")
  expect(asked[0]!.body).toEqual({
    sender: { name: "Docket", email: "docket@example.org" },
    to: [{ email: "ana@example.org" }],
    subject: "確認",
    htmlContent: "<p>html</p>",
    textContent: "text",
    headers,
  })
})

for (const [status, kind] of [
  [302, "unreachable"],
  [401, "unreachable"],
  [403, "unreachable"],
  [402, "later"],
  [429, "later"],
  [400, "never"],
  [422, "never"],
  [500, "unreachable"],
  [503, "unreachable"],
] as const)
  test(`an answer of ${status} means ${kind}`, async () => {
    answer = () =>
      new Response(`no such box: ana@example.org`, { status, headers: { Location: "/elsewhere" } })
    const { kind: found, message: reason } = await fault(transport("postmark").send(message))
    expect(found).toBe(kind)
    expect(reason).toBe(`${status} no such box: (address)`)
    expect(asked).toHaveLength(1)
  })

test("an answer without end is read for its beginning only", async () => {
  answer = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new TextEncoder().encode("x".repeat(1000))),
      }),
      { status: 422 },
    )
  expect((await fault(transport("resend").send(message))).message).toHaveLength(300)
})

test("a certificate of an authority that isn't trusted ends it before the key is sent", async () => {
  const { kind } = await fault(transport("resend", { SMTP_CA: "" }).send(message))
  expect(kind).toBe("unreachable")
  expect(asked).toEqual([])
})

test("a provider that is away is unreachable", async () => {
  const { kind, message: reason } = await fault(
    transport("brevo", { MAIL_HTTPS_URL: "https://localhost:1" }).probe(),
  )
  expect(kind).toBe("unreachable")
  expect(reason).not.toContain("the-key")
})

test("a probe asks for something small that only a good key may read", async () => {
  await transport("postmark").probe()
  await transport("brevo").probe()
  await transport("resend").probe()
  expect(asked.map(({ path }) => path)).toEqual(["GET /api/server", "GET /api/account", "GET /api/domains"])
  answer = () => Response.json({ name: "restricted_api_key" }, { status: 401 })
  await transport("resend").probe()
  expect((await fault(transport("postmark").probe())).kind).toBe("unreachable")
})
