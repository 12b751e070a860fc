import { afterAll, afterEach, expect, setDefaultTimeout, test } from "bun:test"
import { createServer, type Socket } from "node:net"
import pino from "pino"
import { hashToken } from "../accounts/letter-tokens.ts"
import { sendLetter } from "../accounts/send-letter.ts"
import { type Config, readConfig } from "../config.ts"
import { startQueue } from "../jobs/queue.ts"
import { newAccount, type TestApp, testApp } from "../testing/app.ts"
import { type Certificate, makeCertificate } from "../testing/certificate.ts"
import { type Smtp, type SmtpOptions, startSmtp } from "../testing/smtp.ts"
import type { Letter } from "./letters.ts"
import { mailQueueState } from "./queries.ts"
import { mailTransport } from "./transports.ts"
import { startLetterWorker } from "./worker.ts"

setDefaultTimeout(40_000)
const app: TestApp = await testApp()
const { sql, letters } = app.dependencies
const certificate: Certificate = await makeCertificate()
const queue = await startQueue({
  url: app.dependencies.config.databaseUrl,
  log: pino({ level: "silent" }),
  supervise: false,
})
afterAll(() => queue.stop())

/** What is to be stopped after each test. */
const running: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop()
  await sql`delete from pgboss.job where name = 'letters'`
})

async function post(options: SmtpOptions = {}): Promise<Smtp> {
  const smtp = await startSmtp({ certificate, ...options })
  running.push(() => smtp.stop())
  return smtp
}

/** A worker that sends to `environment`, probing every 200 ms, and the lines that it logs. */
async function work(environment: Record<string, string>) {
  const lines: string[] = []
  const log = pino({ level: "debug" }, { write: (line) => void lines.push(line) })
  const config: Config = readConfig({
    ENVIRONMENT: "test",
    DATABASE_URL: app.dependencies.config.databaseUrl,
    JWT_SECRET_KEY: "a key for tests that is long enough to be one",
    FRONTEND_URL: "https://docket.example.org/",
    ...environment,
  })
  const transport = mailTransport(config)!
  const send = (letter: Letter, id: string) => sendLetter(letter, id, { sql, config, transport })
  const worker = await startLetterWorker({ queue, sql, log, transport, send, probeEvery: 200 })
  running.push(() => worker.stop())
  return { worker, lines }
}

async function account(changes: Record<string, string | null> = {}): Promise<string> {
  const id = await newAccount(app)
  if (Object.keys(changes).length > 0) await sql`update accounts set ${sql(changes)} where id = ${id}`
  return id
}

const enqueue = (kind: Letter["kind"], accountId: string) => letters.enqueue(sql, { kind, accountId })
const emailOf = async (id: string) => (await sql`select email from accounts where id = ${id}`)[0]!.email
const job = async (accountId: string) =>
  (
    await sql`select state, retry_count, output, start_after > now() as waits,
      extract(epoch from start_after - now())::float8 as seconds
      from pgboss.job where name = 'letters' and data ->> 'accountId' = ${accountId}`
  )[0]
const until = async (holds: () => unknown, what = "it") => {
  const end = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what} did not come true in 20 s`)
    await Bun.sleep(20)
  }
}
const state = (accountId: string, expected: string) =>
  until(async () => (await job(accountId))?.state === expected, `job of ${accountId} ${expected}`)
const logged = (lines: string[], message: string) =>
  until(() => lines.some((line) => line.includes(message)), message)

test("a letter goes out over STARTTLS, signed in, with a link whose token only its reader has", async () => {
  const smtp = await post()
  const { lines } = await work(smtp.environment)
  const id = await account({ language: "es", name: "Zoë <b>& Söhne</b>" })
  await enqueue("reset-password", id)
  const letter = await smtp.nextLetter()
  expect(letter).toMatchObject({
    secure: true,
    username: "docket",
    to: [await emailOf(id)],
    from: "docket@example.org",
  })
  expect(letter.message.subject).toBe("Elige una contraseña nueva")
  expect(letter.message.html).toContain("Zoë &lt;b&gt;&amp; Söhne&lt;/b&gt;")
  const [, token] = letter.message.text!.match(/^https:\/\/docket\.example\.org\/reset#token=([\w-]{43})$/m)!
  const [stored] = await sql`select account_id, purpose, email, expires_at - created_at as life, used_at
    from letter_tokens where hash = ${hashToken(token!)}`
  expect(stored).toMatchObject({ accountId: id, purpose: "reset-password", life: "01:00:00", usedAt: null })
  await state(id, "completed")
  const everything = await sql`select jsonb_agg(to_jsonb(j)) ::text as jobs from pgboss.job j`
  expect(everything[0]!.jobs).not.toContain(token)
  expect(lines.join()).not.toContain(token!)
  expect(lines.join()).not.toContain(await emailOf(id))
})

test("the headers say what the letter is", async () => {
  const smtp = await post()
  await work(smtp.environment)
  await enqueue("password-changed", await account())
  const { message } = await smtp.nextLetter()
  const header = (name: string) => message.headers.find(({ key }) => key === name)?.value
  expect(header("list-id")).toBe("Docket <account-letters.docket.example.org>")
  expect(header("auto-submitted")).toBe("auto-generated")
  expect(header("message-id")).toMatch(/^<[0-9a-f-]{36}@example\.org>$/)
  expect(Math.abs(Date.parse(message.date!) - Date.now())).toBeLessThan(60_000)
  expect(message.from).toMatchObject({ name: "Docket", address: "docket@example.org" })
})

test("addresses and names outside ASCII arrive as they are", async () => {
  const smtp = await post()
  await work(smtp.environment)
  const id = await account({
    name: "陳小明 Ünï",
    language: "zh-TW",
    email: `jürgen${Date.now()}@bücher.example`,
  })
  await enqueue("reset-password", id)
  const letter = await smtp.nextLetter()
  expect(letter.to[0]).toMatch(/^jürgen\d+@(bücher|xn--bcher-kva)\.example$/)
  expect(letter.message.text).toContain("陳小明 Ünï，你好：")
})

test("twenty letters of a transaction that was rolled back: none is sent", async () => {
  const smtp = await post()
  await work(smtp.environment)
  const ids = await Promise.all(Array.from({ length: 20 }, () => account()))
  const change = sql.begin(async (transaction) => {
    for (const accountId of ids) await letters.enqueue(transaction, { kind: "password-changed", accountId })
    throw new Error("changed our mind")
  })
  await expect(change).rejects.toThrow("changed our mind")
  const last = await account()
  await enqueue("password-changed", last)
  await state(last, "completed")
  expect(smtp.letters).toHaveLength(1)
})

test("what has lapsed is not sent", async () => {
  const verified = await account()
  const withdrawn = await account({ pending_email: null })
  const kept = await account({ deletes_at: null })
  const told = await account({ previous_email: null })
  const gone = Bun.randomUUIDv7()
  await enqueue("verify-email", verified)
  await enqueue("change-email", withdrawn)
  await enqueue("deletion-scheduled", kept)
  await enqueue("email-changed", told)
  await enqueue("reset-password", gone)
  const smtp = await post()
  await work(smtp.environment)
  for (const id of [verified, withdrawn, kept, told, gone]) {
    await state(id, "completed")
    expect((await job(id))?.output).toEqual({ outcome: "lapsed" })
  }
  expect(smtp.letters).toEqual([])
})

test("each letter goes to whom it concerns", async () => {
  const smtp = await post()
  await work(smtp.environment)
  const id = await account({
    pending_email: "new@example.net",
    previous_email: "old@example.net",
    deletes_at: "2027-01-02T03:04:05Z",
    time_zone: "Asia/Tokyo",
  })
  await enqueue("change-email", id)
  const change = await smtp.nextLetter()
  expect(change.to).toEqual(["new@example.net"])
  expect(change.message.text).toContain("/verify#token=")
  // The name could be a stranger's words to someone who never asked for a letter.
  expect(change.message.text).not.toContain("Hello")
  await enqueue("email-changed", id)
  expect((await smtp.nextLetter()).to).toEqual(["old@example.net"])
  await until(
    async () => (await sql`select previous_email from accounts where id = ${id}`)[0]!.previousEmail === null,
  )
  await enqueue("deletion-scheduled", id)
  expect((await smtp.nextLetter()).message.text).toContain("January 2, 2027 at 12:04 PM")
  await enqueue("registration-attempted", id)
  expect((await smtp.nextLetter()).message.text).toContain("https://docket.example.org/sign-in")
})

test("while the server is down letters wait, and go out when it is back", async () => {
  const { port, environment, stop } = await startSmtp({ certificate })
  await stop()
  const { worker, lines } = await work(environment)
  const ids = await Promise.all([account(), account(), account()])
  for (const id of ids) await enqueue("password-changed", id)
  await until(() => worker.pause(), "a pause")
  expect(worker.pause()?.reason).toContain("ECONNREFUSED")
  await until(async () => (await job(ids[0]))?.state === "created")
  expect(await mailQueueState(sql)).toMatchObject({ waiting: 3, givenUp: 0 })
  const smtp = await post({ port })
  await Promise.all(ids.map((id) => state(id, "completed")))
  expect(smtp.letters).toHaveLength(3)
  expect(worker.pause()).toBeNull()
  await logged(lines, "mail server is back")
  expect(await mailQueueState(sql)).toEqual({
    waiting: 0,
    oldestSeconds: null,
    givenUp: 0,
    lastGivenUpAt: null,
  })
})

test("a greylisted letter is tried again after a minute or two, and then arrives", async () => {
  let refusals = 1
  const smtp = await post({
    refuse: (stage, to) =>
      stage === "RCPT" && refusals-- > 0 ? { code: 451, message: `4.7.1 ${to} try later` } : undefined,
  })
  const { lines, worker } = await work(smtp.environment)
  const id = await account()
  await enqueue("reset-password", id)
  await state(id, "retry")
  const waiting = await job(id)
  expect(waiting?.seconds).toBeGreaterThan(50)
  expect(waiting?.seconds).toBeLessThan(15 * 60)
  expect(waiting?.output.fault).toContain("451 4.7.1 (address) try later")
  expect(worker.pause()).toBeNull()
  expect(await sql`select 1 from letter_tokens where account_id = ${id}`).toHaveLength(0)
  await sql`update pgboss.job set start_after = now() where name = 'letters'`
  await smtp.nextLetter()
  await state(id, "completed")
  expect(lines.join()).toContain("letter refused for now")
})

test("a letter refused for now is given up after a day, and not before", async () => {
  const smtp = await post({ refuse: () => ({ code: 451, message: "try later" }) })
  await work(smtp.environment)
  const id = await account()
  await enqueue("reset-password", id)
  await state(id, "retry")
  await sql`update pgboss.job set start_after = now(), created_on = now() - interval '23 hours', retry_count = 90
    where name = 'letters'`
  await until(async () => (await job(id))?.retryCount === 91 && (await job(id))?.state === "retry")
  expect((await job(id))?.seconds).toBeLessThanOrEqual(15 * 60)
  await sql`update pgboss.job set start_after = now(), created_on = now() - interval '25 hours' where name = 'letters'`
  await state(id, "failed")
})

test("a letter refused for good is given up, and the operator can see it", async () => {
  const smtp = await post({
    refuse: (_, to) =>
      to.startsWith("nobody") ? { code: 550, message: `5.1.1 <${to}> unknown` } : undefined,
  })
  const { lines, worker } = await work(smtp.environment)
  const nobody = await account({ email: `nobody${Date.now()}@example.org` })
  const other = await account()
  await enqueue("reset-password", nobody)
  await enqueue("reset-password", other)
  await state(nobody, "failed")
  await state(other, "completed")
  expect(await mailQueueState(sql)).toMatchObject({
    waiting: 0,
    givenUp: 1,
    lastGivenUpAt: expect.any(String),
  })
  const line = JSON.parse(lines.find((line) => line.includes("given up"))!)
  expect(line).toMatchObject({ letter: "reset-password", accountId: nobody })
  expect(line.reason).toContain("550 5.1.1 <(address)> unknown")
  expect(worker.pause()).toBeNull()
})

test("a server without STARTTLS gets neither a letter nor the password", async () => {
  const smtp = await post({ startTls: false })
  const { worker } = await work(smtp.environment)
  const id = await account()
  await enqueue("reset-password", id)
  await until(() => worker.pause(), "a pause")
  expect(worker.pause()?.reason).toContain("STARTTLS")
  await Bun.sleep(600)
  expect(smtp.letters).toEqual([])
  expect(smtp.attempts).toEqual([])
  await state(id, "created")
})

test("a server with a wrong certificate gets neither a letter nor the password", async () => {
  const smtp = await post({ certificate: await makeCertificate("mail.elsewhere.example") })
  for (const ca of [smtp.environment.SMTP_CA!, certificate.ca]) {
    const { worker } = await work({ ...smtp.environment, SMTP_CA: ca })
    await enqueue("reset-password", await account())
    await until(() => worker.pause(), "a pause")
    expect(worker.pause()?.reason).toMatch(/certificate|Hostname|altnames/i)
    await worker.stop()
  }
  expect(smtp.letters).toEqual([])
  expect(smtp.attempts).toEqual([])
})

test("a wrong password makes letters wait: it is the operator's to mend", async () => {
  const smtp = await post()
  const { worker } = await work({ ...smtp.environment, SMTP_PASSWORD: "not this one" })
  const id = await account()
  await enqueue("reset-password", id)
  await until(() => worker.pause(), "a pause")
  expect(worker.pause()?.reason).toContain("535")
  expect(worker.pause()?.reason).not.toContain("not this one")
  expect((await mailQueueState(sql)).givenUp).toBe(0)
})

test("a server that closes in the middle of a letter is tried again, and once more after a minute", async () => {
  const breaking = await breakInData()
  running.push(breaking.stop)
  const { worker, lines } = await work({
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: `${breaking.port}`,
    SMTP_USE_TLS: "false",
    SMTP_FROM_EMAIL: "docket@example.org",
  })
  const unlucky = await account()
  await enqueue("password-changed", unlucky)
  await logged(lines, "mail server is back")
  await state(unlucky, "retry")
  expect((await job(unlucky))?.seconds).toBeGreaterThan(50)
  expect(worker.pause()).toBeNull()
  breaking.mend()
  const other = await account()
  await enqueue("password-changed", other)
  await state(other, "completed")
  await sql`update pgboss.job set start_after = now() where name = 'letters' and state = 'retry'`
  await state(unlucky, "completed")
})

test("a server that hangs does not hold the queue: it counts as away", async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => void sockets.add(socket))
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve))
  running.push(async () => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as { port: number }
  const { worker } = await work({
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: `${port}`,
    SMTP_FROM_EMAIL: "docket@example.org",
  })
  const id = await account()
  await enqueue("password-changed", id)
  await until(() => worker.pause(), "a pause")
  expect(worker.pause()?.reason).toMatch(/greeting|timeout/i)
  await state(id, "created")
})

test("two workers send every letter once", async () => {
  const smtp = await post()
  const ids = await Promise.all(Array.from({ length: 30 }, () => account()))
  for (const id of ids) await enqueue("password-changed", id)
  await work(smtp.environment)
  await work(smtp.environment)
  for (const id of ids) await state(id, "completed")
  expect(smtp.letters).toHaveLength(30)
  expect(new Set(smtp.letters.map((letter) => letter.to[0])).size).toBe(30)
})

test("stopping waits for the letter in hand", async () => {
  let handed = () => {}
  const inHand = new Promise<void>((resolve) => {
    handed = resolve
  })
  const smtp = await post({
    refuse: (stage) => {
      if (stage === "DATA") handed()
      return undefined
    },
  })
  const { worker } = await work(smtp.environment)
  const id = await account()
  await enqueue("password-changed", id)
  await inHand
  await worker.stop()
  expect((await job(id))?.state).toBe("completed")
})

/** A mail server in the clear whose connections end after the first bytes of a letter, until it is mended. */
async function breakInData() {
  let mended = false
  const server = createServer((socket) => {
    socket.on("error", () => {})
    socket.write("220 localhost\r\n")
    let inData = false
    socket.on("data", (bytes) => {
      const text = bytes.toString()
      if (inData) {
        if (!mended) return socket.destroy()
        if (text.endsWith("\r\n.\r\n")) {
          inData = false
          socket.write("250 taken\r\n")
        }
        return
      }
      for (const line of text.split("\r\n").filter(Boolean)) {
        if (/^EHLO/i.test(line)) socket.write("250 localhost\r\n")
        else if (/^DATA/i.test(line)) {
          inData = true
          socket.write("354 go on\r\n")
        } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n")
        else socket.write("250 fine\r\n")
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    port: (server.address() as { port: number }).port,
    mend: () => {
      mended = true
    },
    stop: async () => void server.close(),
  }
}
