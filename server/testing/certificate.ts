import { isIP } from "node:net"
import { generate } from "selfsigned"

/** PEM texts. `ca` is what a client trusts; nothing of it outlives the process that made it. */
export type Certificate = { key: string; cert: string; ca: string }

/**
 * A certificate for `host`, a name or an address, signed by an authority made for it: valid for a year or until `until`, keys
 * on P-256.
 */
export async function makeCertificate(host = "localhost", until?: Date): Promise<Certificate> {
  const kind = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const
  // An address as well: pgBackRest compares with names alone.
  const name = { type: 2, value: host } as const
  const authority = await generate([{ name: "commonName", value: "Docket development authority" }], {
    ...kind,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, digitalSignature: true, critical: true },
    ],
  })
  const made = await generate([{ name: "commonName", value: host }], {
    ...kind,
    ...(until && { notAfterDate: until, notBeforeDate: new Date(until.getTime() - 90 * 86_400_000) }),
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: isIP(host) ? [{ type: 7, ip: host }, name] : [name] },
    ],
  })
  return { key: made.private, cert: made.cert, ca: authority.cert }
}
