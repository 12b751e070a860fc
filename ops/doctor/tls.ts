import { connect } from "node:tls"
import { BOUND, certificateFault, type Outside, placeOf, servedCertificate } from "../smoke/outside.ts"
import { type Finding, ok, problem, unknown, warning } from "./finding.ts"

/** Parts of a certificate's life: it is renewed when a third is left, so at a quarter something stands in the way. */
const LATE = 1 / 4
const URGENT = 1 / 12

const CURE =
  "See why Traefik did not get it: bun run ops logs ENVIRONMENT traefik; docs/operations/certificates.md."

/** The certificate that `domain` is served with: chain, names, dates; and that TLS older than 1.2 is refused. */
export async function checkTls(outside: Outside, domain: string, now = Date.now()): Promise<Finding[]> {
  try {
    return [await checkCertificate(outside, domain, now), await checkOldProtocols(outside, domain)]
  } catch (error) {
    return [
      problem(
        "tls",
        `${(error as Error).message}.`,
        "See that Traefik runs: bun run ops status ENVIRONMENT.",
      ),
    ]
  }
}

async function checkCertificate(outside: Outside, domain: string, now: number): Promise<Finding> {
  const { fault, names, issuer, from, until, protocol } = await servedCertificate(outside, domain)
  if (fault === "ERR_TLS_CERT_ALTNAME_INVALID")
    return problem("tls", `The certificate of ${domain} is for ${names.join(", ") || "no name"}.`, CURE)
  if (fault) return problem("tls", `Browsers refuse ${domain}: ${certificateFault(fault)}.`, CURE)
  const left = (until.getTime() - now) / (until.getTime() - from.getTime())
  const when = until.toISOString().slice(0, 16).replace("T", " ")
  if (left < LATE) {
    const late = left < URGENT ? problem : warning
    return late(
      "tls",
      `The certificate of ${domain} ends at ${when}, and should have been renewed by now.`,
      CURE,
    )
  }
  return ok("tls", `${domain} has a certificate by ${issuer}, good until ${when}, over ${protocol}.`)
}

async function checkOldProtocols(outside: Outside, domain: string): Promise<Finding> {
  const protocol = await oldProtocol(outside, domain)
  if (protocol === null) return ok("tls", `${domain} refuses TLS older than 1.2.`)
  if (protocol === undefined)
    return unknown("tls", `Whether ${domain} speaks TLS older than 1.2 could not be told.`)
  return problem(
    "tls",
    `${domain} speaks ${protocol}, which is broken.`,
    "Set Traefik's tls.options.default.minVersion to VersionTLS12, as ops/traefik/dynamic.yml does.",
  )
}

/** The version below 1.2 that is agreed on; null if the other side refuses, undefined if it says nothing. */
function oldProtocol(outside: Outside, domain: string): Promise<string | null | undefined> {
  const { address } = placeOf(outside, "https")
  const [, host = domain, port = "443"] = /^(.*?)(?::(\d+))?$/.exec(address ?? domain) ?? []
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port),
      servername: domain,
      // Only the version is of interest; nothing is sent.
      rejectUnauthorized: false,
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      timeout: BOUND,
    })
    const settle = (protocol: string | null | undefined) => {
      socket.destroy()
      resolve(protocol)
    }
    socket.on("secureConnect", () => settle(socket.getProtocol() ?? undefined))
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) =>
      settle(/^ERR_SSL|ECONNRESET/.test(code) ? null : undefined),
    )
    socket.on("timeout", () => settle(undefined))
  })
}
