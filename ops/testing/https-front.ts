import { makeCertificate } from "../../server/testing/certificate.ts"

/** What a test spoils of an answer on its way out; it gets the request as the front received it. */
export type Spoil = (answer: Response, request: Request) => Response | Promise<Response>

export type HttpsFront = {
  /** `host:port` of HTTPS and of plain HTTP. */
  address: string
  httpAddress: string
  /** The authority's PEM text. */
  ca: string
  stop: () => void
}

type FrontOptions = {
  /** Where the certificate is for. */
  domain: string
  /** Passed on to; null to answer nothing but what `spoil` makes. */
  server: URL | null
  spoil?: Spoil
  /** In the clear: what answers instead of leading to HTTPS. */
  inTheClear?: (request: Request) => Response
  /** Passes on what the caller says of its own address, as no proxy should. */
  passOnForwardedFor?: boolean
  certificate?: { key: string; cert: string; ca: string }
}

/** TLS on loopback in front of a server, as a proxy in production: HTTP leads to HTTPS, `X-Forwarded-For` is set. */
export async function startHttpsFront(options: FrontOptions): Promise<HttpsFront> {
  const { domain, server, spoil = (answer) => answer, inTheClear = redirected } = options
  const { key, cert, ca } = options.certificate ?? (await makeCertificate(domain))
  const secure = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    tls: { key, cert },
    fetch: async (request, socket) => {
      const from = socket.requestIP(request)?.address ?? "127.0.0.1"
      const answer = server
        ? await passOn(request, server, options.passOnForwardedFor ? null : from)
        : new Response("", { status: 502 })
      return spoil(answer, request)
    },
  })
  const clear = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: inTheClear })
  return {
    address: `127.0.0.1:${secure.port}`,
    httpAddress: `127.0.0.1:${clear.port}`,
    ca,
    stop: () => {
      secure.stop(true)
      clear.stop(true)
    },
  }
}

async function passOn(request: Request, server: URL, from: string | null): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const headers = new Headers(request.headers)
  if (from !== null) headers.set("X-Forwarded-For", from)
  headers.set("X-Forwarded-Proto", "https")
  headers.set("Accept-Encoding", "identity")
  const body = request.body ? await request.arrayBuffer() : undefined
  const answer = await fetch(new URL(pathname + search, server), {
    method: request.method,
    headers,
    body,
    redirect: "manual",
  })
  return new Response(answer.status === 204 ? null : await answer.arrayBuffer(), answer)
}

const redirected = (request: Request) => {
  const { pathname, search } = new URL(request.url)
  const host = request.headers.get("host")
  return new Response(null, { status: 308, headers: { Location: `https://${host}${pathname}${search}` } })
}
