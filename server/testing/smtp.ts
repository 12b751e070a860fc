import PostalMime, { type Email } from "postal-mime"
import { SMTPServer } from "smtp-server"
import { type Certificate, makeCertificate } from "./certificate.ts"

/** A letter as the server took it: the envelope, how it was handed over, and what it says. */
export type ReceivedLetter = {
  from: string
  to: string[]
  /** Handed over after STARTTLS. */
  secure: boolean
  /** Who signed in to hand it over, if anyone did. */
  username: string | null
  raw: Uint8Array
  message: Email
}

export type SmtpOptions = {
  port?: number
  certificate?: Certificate
  /** Whether STARTTLS is offered. */
  startTls?: boolean
  credentials?: { username: string; password: string } | null
  /** Refuses a recipient or a letter by an SMTP reply; undefined takes it. */
  refuse?: (stage: "RCPT" | "DATA", recipient: string) => { code: number; message: string } | undefined
  onLetter?: (letter: ReceivedLetter) => void
}

export type Smtp = {
  port: number
  /** Every letter taken so far, the oldest first. */
  letters: ReceivedLetter[]
  /** The first letter that `matches`, waited for if there is none yet; it is handed out once. */
  nextLetter: (
    matches?: (letter: ReceivedLetter) => boolean,
    milliseconds?: number,
  ) => Promise<ReceivedLetter>
  /** The names that tried to sign in, right or wrong. */
  attempts: string[]
  /** What to set so that Docket sends its letters here. */
  environment: Record<string, string>
  stop: () => Promise<void>
}

/** A real SMTP server on loopback that asks for STARTTLS and a name and password, and keeps what it is sent. */
export async function startSmtp({
  port = 0,
  certificate,
  startTls = true,
  credentials = { username: "docket", password: "a password for the post" },
  refuse,
  onLetter,
}: SmtpOptions = {}): Promise<Smtp> {
  const { key, cert, ca } = certificate ?? (await makeCertificate())
  const letters: ReceivedLetter[] = []
  const taken = new Set<ReceivedLetter>()
  const attempts: string[] = []
  const waiting = new Set<() => void>()
  const server = new SMTPServer({
    key,
    cert,
    name: "localhost",
    authMethods: ["PLAIN", "LOGIN"],
    authOptional: !credentials,
    disabledCommands: [...(startTls ? [] : ["STARTTLS"]), ...(credentials ? [] : ["AUTH"])],
    disableReverseLookup: true,
    size: 1024 * 1024,
    closeTimeout: 200,
    onAuth: ({ username = "", password }, _session, done) => {
      attempts.push(username)
      if (username === credentials?.username && password === credentials.password)
        done(null, { user: username })
      else done(reply({ code: 535, message: "Authentication failed" }))
    },
    onRcptTo: ({ address }, _session, done) => {
      const refusal = refuse?.("RCPT", address)
      done(refusal && reply(refusal))
    },
    onData: (stream, session, done) => {
      const to = session.envelope.rcptTo.map(({ address }) => address)
      const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : ""
      bytesOf(stream)
        .then(async (raw) => {
          const refusal = refuse?.("DATA", to.join(", "))
          if (refusal) return done(reply(refusal))
          const message = await PostalMime.parse(raw)
          const letter = { from, to, secure: session.secure, username: session.user ?? null, raw, message }
          letters.push(letter)
          onLetter?.(letter)
          done()
          for (const look of waiting) look()
        })
        .catch(done)
    },
  })
  server.on("error", () => {}) // A client that breaks off is the client's affair.
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  const bound = (server.server.address() as { port: number }).port
  const nextLetter: Smtp["nextLetter"] = (matches = () => true, milliseconds = 20_000) =>
    new Promise((resolve, reject) => {
      const give = () => {
        const letter = letters.find((letter) => !taken.has(letter) && matches(letter))
        if (!letter) return
        taken.add(letter)
        waiting.delete(give)
        clearTimeout(timer)
        resolve(letter)
      }
      const timer = setTimeout(() => {
        waiting.delete(give)
        const subjects = letters.map(({ message }) => message.subject).join("; ") || "none"
        reject(new Error(`No such letter came within ${milliseconds} ms. Letters so far: ${subjects}`))
      }, milliseconds)
      waiting.add(give)
      give()
    })
  return {
    port: bound,
    letters,
    nextLetter,
    attempts,
    environment: {
      SMTP_HOST: "localhost",
      SMTP_PORT: `${bound}`,
      ...(credentials ? { SMTP_USERNAME: credentials.username, SMTP_PASSWORD: credentials.password } : {}),
      SMTP_FROM_EMAIL: "docket@example.org",
      SMTP_CA: ca,
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

const reply = ({ code, message }: { code: number; message: string }) =>
  Object.assign(new Error(message), { responseCode: code })
