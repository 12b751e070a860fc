import { isIP } from "node:net"
import { checkServerIdentity, connect, type PeerCertificate } from "node:tls"

const HOUR = 3_600_000
/** Milliseconds: between two looks, until the next where one found nothing, for one look, and what a look is good for. */
const EVERY = HOUR
const AGAIN = 5 * 60_000
const PATIENCE = 10_000
const GOOD_FOR = 24 * HOUR

export type PublicCertificate = {
  /** When it ends, in milliseconds since 1970; null while that is not known. */
  expiresAt: () => number | null
  stop: () => void
}

/**
 * Looks once an hour at the certificate that `publicUrl` (`https:`) is served with, as whoever opens the page meets it, and
 * remembers for a day when that ends. What can't be reached from here, or answers with the certificate of another name, is
 * not known. Whether it is trusted is not asked: an authority of the operator's own is as good.
 */
export function watchCertificate(
  publicUrl: string,
  { every = EVERY, again = AGAIN, patience = PATIENCE, now = Date.now } = {},
): PublicCertificate {
  let seen: { expiresAt: number; at: number } | null = null
  let timer: ReturnType<typeof setTimeout>
  let stopped = false
  const look = async () => {
    const expiresAt = await expiryOf(new URL(publicUrl), patience)
    if (stopped) return
    if (expiresAt !== null) seen = { expiresAt, at: now() }
    timer = setTimeout(look, expiresAt === null ? again : every)
    timer.unref()
  }
  void look()
  return {
    expiresAt: () => (seen && now() - seen.at < GOOD_FOR ? seen.expiresAt : null),
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Whatever goes wrong is null: it is looked at again. */
function expiryOf({ hostname, port }: URL, patience: number): Promise<number | null> {
  const host = hostname.replace(/^\[|\]$/g, "")
  return new Promise((resolve) => {
    // Nothing is sent, so nothing is lost to who is not trusted.
    const socket = connect({
      host,
      port: Number(port || 443),
      // RFC 6066, section 3: an address is no server name, and Node refuses it.
      ...(isIP(host) ? {} : { servername: host }),
      rejectUnauthorized: false,
    })
    const settle = (expiresAt: number | null) => {
      clearTimeout(late)
      socket.destroy()
      resolve(expiresAt)
    }
    const late = setTimeout(() => settle(null), patience)
    socket.on("error", () => settle(null))
    socket.on("close", () => settle(null))
    socket.on("secureConnect", () => settle(endOf(socket.getPeerCertificate(), host)))
  })
}

function endOf(certificate: PeerCertificate, host: string): number | null {
  if (!certificate.valid_to || checkServerIdentity(host, certificate) !== undefined) return null
  const end = Date.parse(certificate.valid_to)
  return Number.isNaN(end) ? null : end
}
