import { type ReceivedLetter, startSmtp } from "../../server/testing/smtp.ts"
import page from "./page.html"

export type MailboxOptions = {
  /** Port of the page; 0 takes any free one. */
  port: number
  /** Port of the mail server; 0 takes any free one. */
  smtpPort?: number
}

export type Mailbox = {
  /** Where the letters are read. */
  url: string
  /** What to set so that Docket sends its letters here. */
  environment: Record<string, string>
  stop: () => Promise<void>
}

/** What the page lists; the letter itself is fetched when it is opened. */
export type ListedLetter = { id: number; to: string; subject: string; receivedAt: string }
export type OpenedLetter = ListedLetter & { from: string; text: string; links: string[] }

/** Letters kept, in memory; the oldest goes when another comes. */
const MOST_LETTERS = 200

/**
 * The post of a developer's machine: a mail server with STARTTLS that keeps whatever it is sent, and a page on
 * loopback to read it. Nothing leaves the machine, and the letters are gone when it stops.
 */
export async function startMailbox({ port, smtpPort = 0 }: MailboxOptions): Promise<Mailbox> {
  const letters: { id: number; receivedAt: string; letter: ReceivedLetter }[] = []
  let next = 1
  const smtp = await startSmtp({
    port: smtpPort,
    onLetter: (letter) => {
      letters.unshift({ id: next++, receivedAt: new Date().toISOString(), letter })
      letters.splice(MOST_LETTERS)
    },
  })
  const find = (id: string) => letters.find((entry) => `${entry.id}` === id)
  const list = ({ id, receivedAt, letter }: (typeof letters)[number]): ListedLetter => ({
    id,
    receivedAt,
    to: letter.to.join(", "),
    subject: letter.message.subject ?? "(no subject)",
  })
  const gone = () => new Response("This letter is no longer kept.", { status: 404 })

  const web = Bun.serve({
    hostname: "127.0.0.1",
    port,
    development: false,
    routes: {
      "/": page,
      "/letters": {
        GET: (request) => local(request, () => Response.json(letters.map(list))),
        DELETE: (request) =>
          local(request, () => {
            letters.length = 0
            return new Response(null, { status: 204 })
          }),
      },
      "/letters/:id": (request) =>
        local(request, () => {
          const entry = find(request.params.id)
          if (!entry) return gone()
          const { from, message } = entry.letter
          const text = message.text ?? ""
          const links = [...new Set(text.match(/https?:\/\/[^\s<>"]+/g) ?? [])]
          const sender = message.from && "address" in message.from ? message.from : undefined
          return Response.json({
            ...list(entry),
            from: sender ? `${sender.name} <${sender.address}>` : from,
            text,
            links,
          } satisfies OpenedLetter)
        }),
      "/letters/:id/html": (request) =>
        local(request, () => {
          const entry = find(request.params.id)
          if (!entry) return gone()
          // Links of a letter open in a tab of their own; nothing else in it may run, load or submit.
          const html = entry.letter.message.html ?? ""
          return new Response(html.replace(/<head>/i, `$&<base target="_blank">`), {
            headers: {
              "Content-Type": "text/html; charset=utf-8",
              "Content-Security-Policy":
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox",
            },
          })
        }),
      "/letters/:id/source": (request) =>
        local(request, () => {
          const entry = find(request.params.id)
          return entry
            ? new Response(entry.letter.raw as Uint8Array<ArrayBuffer>, {
                headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
              })
            : gone()
        }),
    },
    fetch: () => new Response("There is nothing here.", { status: 404 }),
  })
  return {
    url: `http://localhost:${web.port}/`,
    environment: smtp.environment,
    stop: async () => {
      await web.stop(true)
      await smtp.stop()
    },
  }
}

/** The letters hold links that sign people in: a page elsewhere whose name was pointed at loopback gets nothing. */
function local(request: Request, answer: () => Response): Response {
  const { hostname } = new URL(request.url)
  return hostname === "localhost" || hostname === "127.0.0.1"
    ? answer()
    : new Response("Open this as localhost.", { status: 403 })
}
