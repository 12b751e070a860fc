import { readFileSync } from "node:fs"
import { connect, type DetailedPeerCertificate } from "node:tls"
import { Refusal } from "../refusal.ts"

/** What of an environment says how it is reached from outside. */
export type Outside = {
  /** The first is where people are sent; all of them answer. */
  domains: string[]
  /** In the clear, for a server of this machine alone; HTTPS unless given. */
  scheme?: "http"
  smoke?: {
    /** `host:port` to connect to instead of what DNS says; the name in TLS and `Host` stays the domain's. */
    address?: string
    /** The same for plain HTTP; `address`'s host at port 80 unless given. */
    http_address?: string
    /** Path of a PEM file with the only authorities that are trusted, instead of the system's. */
    ca?: string
  }
}

/** Milliseconds that one request may take, connecting included. */
export const BOUND = 10_000
const TRIES = 3
/** Milliseconds between tries of a request that met no answer at all. */
const PAUSE = 500

export type Ask = {
  method?: string
  headers?: Record<string, string>
  body?: unknown
  /** `http` asks in the clear, as a browser does that was given no scheme. */
  scheme?: "https" | "http"
}

/**
 * One request to `domain` from outside, as the environment says to connect, its redirects not followed. Rejects with a
 * sentence when no answer comes within `BOUND` or the certificate is no good. One that meets no answer is sent again,
 * at most twice: give what is created an id of its own.
 */
export async function ask(
  outside: Outside,
  domain: string,
  path: string,
  { method = "GET", headers = {}, body, scheme = outside.scheme ?? "https" }: Ask = {},
): Promise<Response> {
  const { address, ca } = placeOf(outside, scheme)
  const url = `${scheme}://${address ?? domain}${path}`
  const signal = AbortSignal.timeout(BOUND)
  for (let tries = 1; ; tries += 1) {
    try {
      return await fetch(url, {
        method,
        headers: {
          Host: domain,
          "User-Agent": "Docket smoke test",
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        redirect: "manual",
        signal,
        // A connection of its own for each: the one before may have been made to another name.
        keepalive: false,
        ...(scheme === "https" && { tls: { ...(ca && { ca }), ...(address && { serverName: domain }) } }),
      })
    } catch (error) {
      const last = tries === TRIES || signal.aborted || isCertificateFault(error)
      if (last) throw new Error(`${method} ${scheme}://${domain}${path}: ${reasonOf(error, address)}`)
      await Bun.sleep(PAUSE)
    }
  }
}

/** Where and as whom to connect. Throws `Refusal` if the file of authorities cannot be read. */
export function placeOf({ smoke = {} }: Outside, scheme: "https" | "http") {
  const host = smoke.address?.replace(/:\d+$/, "")
  const address = scheme === "https" ? smoke.address : (smoke.http_address ?? (host && `${host}:80`))
  return { address, ca: smoke.ca === undefined ? undefined : readAuthorities(smoke.ca) }
}

function readAuthorities(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    throw new Refusal(2, `[smoke] ca = "${path}" cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

export type ServedCertificate = {
  /** Why a client would refuse it, as a code such as CERT_HAS_EXPIRED; null if it would not. */
  fault: string | null
  names: string[]
  issuer: string
  serial: string
  from: Date
  until: Date
  /** `TLSv1.3` */
  protocol: string
}

/** The certificate that is served for `domain`, good or not. Rejects with a sentence when TLS does not come about. */
export function servedCertificate(outside: Outside, domain: string): Promise<ServedCertificate> {
  const { address, ca } = placeOf(outside, "https")
  const [, host = domain, port = "443"] = /^(.*?)(?::(\d+))?$/.exec(address ?? domain) ?? []
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port),
      servername: domain,
      ca,
      // Looked at whatever is wrong with it; nothing is sent.
      rejectUnauthorized: false,
      timeout: BOUND,
    })
    const fail = (error: unknown) => {
      socket.destroy()
      reject(new Error(`TLS with ${domain}: ${reasonOf(error, address)}`))
    }
    socket.on("error", fail)
    socket.on("timeout", () => fail(new DOMException("", "TimeoutError")))
    socket.on("secureConnect", () => {
      const served = socket.getPeerCertificate(true)
      const { authorized, authorizationError } = socket
      const protocol = socket.getProtocol() ?? "no TLS"
      socket.destroy()
      resolve({
        fault: authorized ? null : codeOf(authorizationError),
        names: namesOf(served),
        issuer: served.issuer?.CN ?? served.issuer?.O ?? "an authority without a name",
        serial: served.serialNumber,
        from: new Date(served.valid_from),
        until: new Date(served.valid_to),
        protocol,
      })
    })
  })
}

const namesOf = ({ subjectaltname }: DetailedPeerCertificate) =>
  (subjectaltname ?? "").split(", ").flatMap((name) => (name.startsWith("DNS:") ? [name.slice(4)] : []))

/** The types say `Error`, and it is the code. */
const codeOf = (fault: unknown) =>
  typeof fault === "string" ? fault : ((fault as { code?: string } | null)?.code ?? "not trusted")

const CERTIFICATE_FAULT = /^(CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/
const isCertificateFault = (error: unknown) => CERTIFICATE_FAULT.test((error as { code?: string }).code ?? "")

const SENTENCES: Record<string, string> = {
  ConnectionRefused: "nothing listens there",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut",
  ENOTFOUND: "its name is not in DNS",
  EAI_AGAIN: "the name server does not answer",
  FailedToOpenSocket: "its name is not in DNS, or no route leads there",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for other names",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
  CERT_SIGNATURE_FAILURE: "its certificate is not signed by the authority that it names",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate comes from an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate comes from an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate comes from an authority that is not trusted",
}

/** A fault of connecting, completed by where it was tried if that is not what DNS says. */
export function reasonOf(error: unknown, address?: string): string {
  const { name, code = "", message } = error as { name?: string; code?: string; message: string }
  const sentence =
    name === "TimeoutError" ? `no answer within ${BOUND / 1000} s` : (SENTENCES[code] ?? (message || code))
  return address ? `${sentence} (at ${address})` : sentence
}

/** A fault of a certificate, as a sentence about it. */
export const certificateFault = (code: string) => SENTENCES[code] ?? code
