import { afterAll, expect, test } from "bun:test"
import { startNameServer } from "../testing/name-server.ts"
import { checkDns } from "./dns.ts"
import { checkMailRecords } from "./mail-records.ts"

const { names, records, stop } = await startNameServer({})
afterAll(stop)

const HOST = { addresses: ["203.0.113.7", "2001:db8::7"], overridden: false }
const DOMAIN = "docket.example.org"

async function dns(
  found: (typeof records)[string] | null,
  host: Partial<Parameters<typeof checkDns>[2]> = {},
) {
  delete records[DOMAIN]
  if (found) records[DOMAIN] = found
  const [finding] = await checkDns(names(), [DOMAIN], { ...HOST, ...host })
  return finding!
}

test("every address of a domain is the host's", async () => {
  expect(await dns({ A: ["203.0.113.7"], AAAA: ["2001:db8::7"] })).toMatchObject({
    check: "dns",
    level: "ok",
  })
})

test("a domain without records, one that leads elsewhere, and a forgotten AAAA record", async () => {
  const absent = await dns(null)
  expect(absent).toMatchObject({ level: "problem" })
  expect(absent.finding).toContain("neither an A nor an AAAA record")
  expect(absent.cure).toContain("203.0.113.7")
  const elsewhere = await dns({ A: ["198.51.100.1"] })
  expect(elsewhere).toMatchObject({ level: "problem" })
  expect(elsewhere.finding).toContain("leads to 198.51.100.1, and the host is 203.0.113.7")
  const forgotten = await dns({ A: ["203.0.113.7"], AAAA: ["2001:db8::dead"] })
  expect(forgotten).toMatchObject({ level: "problem" })
  expect(forgotten.finding).toContain("leads to 2001:db8::dead")
})

test("before a move it is only a warning", async () => {
  expect(await dns({ A: ["198.51.100.1"] }, { overridden: true })).toMatchObject({ level: "warning" })
})

test("what cannot be told is said to be so", async () => {
  expect(await dns({ A: ["198.51.100.1"] }, { addresses: ["10.0.0.5"] })).toMatchObject({ level: "unknown" })
  expect(await dns({ A: ["198.51.100.1"] }, { addresses: null })).toMatchObject({ level: "ok" })
  const silent = await startNameServer({})
  silent.stop()
  const [unanswered] = await checkDns(silent.names(), [DOMAIN], HOST)
  expect(unanswered).toMatchObject({ level: "unknown" })
})

const GOOD = {
  "example.org": { TXT: ["v=spf1 include:spf.provider.example -all", "some other record"] },
  "mail._domainkey.example.org": { TXT: ["v=DKIM1; k=rsa; p=MIIBIjANBg"] },
  "_dmarc.example.org": { TXT: ["v=DMARC1; p=quarantine; rua=mailto:you@example.org"] },
}

async function mailRecords(
  change: Partial<Record<keyof typeof GOOD, string[] | null>> = {},
  selector?: string,
) {
  for (const name of Object.keys(records)) delete records[name]
  for (const [name, { TXT }] of Object.entries({ ...GOOD, "todo.example.org": { TXT: ["v=spf1 -all"] } })) {
    const changed = change[name as keyof typeof GOOD]
    if (changed !== null) records[name] = { TXT: changed ?? TXT }
  }
  const [spf, dkim, dmarc] = await checkMailRecords(names(), "example.org", selector)
  return { spf: spf!, dkim: dkim!, dmarc: dmarc! }
}

test("a sender's domain with all three records", async () => {
  const { spf, dkim, dmarc } = await mailRecords({}, "mail")
  expect([spf.level, dkim.level, dmarc.level]).toEqual(["ok", "ok", "ok"])
})

for (const [what, change, check, level, sentence] of [
  ["no SPF record", { "example.org": null }, "spf", "problem", "has no SPF record"],
  [
    "two SPF records",
    { "example.org": ["v=spf1 -all", "v=spf1 mx -all"] },
    "spf",
    "problem",
    "counts as none",
  ],
  ["SPF that lets anyone", { "example.org": ["v=spf1 +all"] }, "spf", "problem", "lets anyone send"],
  ["SPF without an end", { "example.org": ["v=spf1 mx"] }, "spf", "warning", "does not say what becomes"],
  ["no DKIM key", { "mail._domainkey.example.org": null }, "dkim", "problem", "There is no DKIM key"],
  [
    "a DKIM key withdrawn",
    { "mail._domainkey.example.org": ["v=DKIM1; p="] },
    "dkim",
    "problem",
    "was withdrawn",
  ],
  ["no DMARC record", { "_dmarc.example.org": null }, "dmarc", "warning", "has no DMARC record"],
  [
    "DMARC that asks for nothing",
    { "_dmarc.example.org": ["v=DMARC1; p=none"] },
    "dmarc",
    "warning",
    "is none",
  ],
  ["DMARC without a policy", { "_dmarc.example.org": ["v=DMARC1; rua=x"] }, "dmarc", "problem", "no policy"],
] as [string, NonNullable<Parameters<typeof mailRecords>[0]>, "spf" | "dkim" | "dmarc", string, string][])
  test(what, async () => {
    const found = (await mailRecords(change, "mail"))[check]
    expect(found).toMatchObject({ check, level } as object)
    expect(found.finding).toContain(sentence)
    expect(found.cure).toBeTruthy()
  })

test("without a selector DKIM cannot be looked up, and says how", async () => {
  const { dkim } = await mailRecords()
  expect(dkim).toMatchObject({ level: "unknown" })
  expect(dkim.cure).toContain("--dkim")
})

test("a subdomain takes the DMARC policy of the domain above it", async () => {
  await mailRecords()
  const found = await checkMailRecords(names(), "todo.example.org", "mail")
  expect(found.find(({ check }) => check === "dmarc")).toMatchObject({ level: "ok" })
})
