import { ask, certificateFault, type Outside, servedCertificate } from "./outside.ts"

/** That a browser takes the certificate of `domain`: chain, names, dates; and TLS 1.2 or newer. */
export async function checkCertificate(outside: Outside, domain: string): Promise<string> {
  const { fault, issuer, until, protocol, names } = await servedCertificate(outside, domain)
  if (fault === "ERR_TLS_CERT_ALTNAME_INVALID")
    throw new Error(`The certificate is for ${names.join(", ") || "no name"}, not for ${domain}.`)
  if (fault) throw new Error(`A browser refuses the certificate: ${certificateFault(fault)}.`)
  if (!/^TLSv1\.[23]$/.test(protocol)) throw new Error(`It speaks ${protocol}, which browsers refuse.`)
  return `by ${issuer}, good until ${until.toISOString().slice(0, 16).replace("T", " ")}, ${protocol}`
}

/** That plain HTTP answers nothing but the way to the same page over HTTPS. */
export async function checkRedirect(outside: Outside, domain: string): Promise<string> {
  const path = "/lists?from=smoke"
  const answer = await ask(outside, domain, path, { scheme: "http" })
  const to = answer.headers.get("location")
  if (![301, 302, 307, 308].includes(answer.status) || !to)
    throw new Error(`http://${domain} answered ${answer.status} in the clear, and does not lead to HTTPS.`)
  const target = URL.parse(to, `http://${domain}`)
  const known = outside.domains.includes(target?.hostname ?? "")
  if (target?.protocol !== "https:" || !known || target.pathname + target.search !== path)
    throw new Error(`http://${domain}${path} leads to ${to}, not to the same page over HTTPS.`)
  return `${answer.status} to https://${target.hostname}`
}
