import { type Names, noneIfAbsent } from "./dns.ts"
import { type Finding, ok, problem, unknown, warning } from "./finding.ts"

/**
 * The records by which mailboxes tell letters of `domain` from forgeries: SPF (RFC 7208), DKIM (RFC 6376) under
 * `selector`, which only the mail server's operator knows, and DMARC (RFC 7489).
 */
export async function checkMailRecords(
  names: Names,
  domain: string,
  selector: string | undefined,
): Promise<Finding[]> {
  return [
    await looked("spf", () => checkSpf(names, domain)),
    await looked("dkim", () => checkDkim(names, domain, selector)),
    await looked("dmarc", () => checkDmarc(names, domain)),
  ]
}

async function looked(check: "spf" | "dkim" | "dmarc", look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look()
  } catch (error) {
    return unknown(check, `The records could not be looked up: ${(error as Error).message}.`)
  }
}

async function checkSpf(names: Names, domain: string): Promise<Finding> {
  const records = (await textsOf(names, domain)).filter((text) => /^v=spf1( |$)/i.test(text))
  const advice =
    "Your mail provider tells the mechanism to name, as in v=spf1 include:spf.provider.example -all."
  const [record] = records
  if (record === undefined)
    return problem(
      "spf",
      `${domain} has no SPF record, so mailboxes take its letters for forgeries or put them into spam.`,
      `Add one TXT record to ${domain}. ${advice}`,
    )
  if (records.length > 1)
    return problem(
      "spf",
      `${domain} has ${records.length} SPF records, which counts as none (RFC 7208, 4.5).`,
      "Make them one record that names every sender.",
    )
  if (/(^|\s)\+?all(\s|$)/i.test(record))
    return problem(
      "spf",
      `The SPF record of ${domain} lets anyone send in its name: ${record}`,
      "End it in -all or ~all.",
    )
  if (!/[-~]all(\s|$)/i.test(record) && !/(^|\s)redirect=/i.test(record))
    return warning(
      "spf",
      `The SPF record of ${domain} does not say what becomes of other senders: ${record}`,
      "End it in -all or ~all.",
    )
  return ok("spf", `${domain}: ${record}`)
}

async function checkDkim(names: Names, domain: string, selector: string | undefined): Promise<Finding> {
  if (!selector)
    return unknown(
      "dkim",
      "Whether letters are signed cannot be looked up without the selector, which the mail provider chose.",
      "Give it as --dkim SELECTOR; it is the s= of the DKIM-Signature in a letter's source.",
    )
  const name = `${selector}._domainkey.${domain}`
  const record = (await textsOf(names, name)).find((text) => /(^|;)\s*p=/i.test(text))
  const cure = `Add the TXT (or CNAME) record that your mail provider gives for ${name}.`
  if (record === undefined)
    return problem("dkim", `There is no DKIM key at ${name}, so signatures cannot be checked.`, cure)
  if (/(^|;)\s*p=\s*(;|$)/i.test(record))
    return problem("dkim", `The DKIM key at ${name} was withdrawn (its p= is empty).`, cure)
  return ok("dkim", `${name} has a key.`)
}

async function checkDmarc(names: Names, domain: string): Promise<Finding> {
  const found = await nearestDmarc(names, domain)
  if (!found)
    return warning(
      "dmarc",
      `${domain} has no DMARC record; large mailboxes ask for one before they trust a sender.`,
      `Add a TXT record to _dmarc.${domain}, at first v=DMARC1; p=none; rua=mailto:you@${domain}, and p=quarantine once the reports are clean.`,
    )
  const policy = /(^|;)\s*p=\s*(\w+)/i.exec(found.record)?.[2]?.toLowerCase()
  if (policy === "none")
    return warning(
      "dmarc",
      `The DMARC policy at ${found.name} is none: forgeries of your letters are delivered.`,
      "Once its reports show only your own letters, make it p=quarantine or p=reject.",
    )
  if (policy !== "quarantine" && policy !== "reject")
    return problem(
      "dmarc",
      `The DMARC record at ${found.name} has no policy that counts: ${found.record}`,
      "Give it p=none, p=quarantine or p=reject.",
    )
  return ok("dmarc", `${found.name}: ${found.record}`)
}

/** The domain's own record or that of the nearest domain above it, the last of them with one dot. */
async function nearestDmarc(names: Names, domain: string) {
  const labels = domain.split(".")
  for (let from = 0; from <= labels.length - 2; from += 1) {
    const name = `_dmarc.${labels.slice(from).join(".")}`
    const record = (await textsOf(names, name)).find((text) => /^v=DMARC1\s*(;|$)/i.test(text))
    if (record !== undefined) return { name, record }
  }
}

/** A record longer than 255 bytes comes in parts that belong together. */
async function textsOf(names: Names, name: string): Promise<string[]> {
  return (await names.resolveTxt(name).catch(noneIfAbsent)).map((parts) => parts.join(""))
}
