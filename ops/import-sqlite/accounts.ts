import { isOfNoOne, normaliseEmail } from "../../server/accounts/email.ts"
import { readPasswordHash } from "../../server/accounts/password-hash.ts"
import { LANGUAGES } from "../../server/accounts/shapes.ts"
import { isTimeZone } from "../../server/accounts/time-zone.ts"
import { readBoolean, readChoice, readInstant, readText } from "./cells.ts"
import { type Directory, INBOX_POSITION, UNKNOWN_MOMENT } from "./directory.ts"
import type { Findings } from "./findings.ts"
import type { SourceRow } from "./rows.ts"
import type { TargetRow } from "./target.ts"

const NAME_CHARACTERS = 100

/** An account with its Inbox, as registration makes them (server/accounts/queries.ts), from a row of the users' table. */
export function readAccount(row: SourceRow, findings: Findings, directory: Directory): TargetRow[] {
  const key = row.key("key")
  if (key === null || directory.people.has(key)) findings.fault("key", row.cell("key")!)
  const email = readEmail(row, findings)
  const earlier = directory.personByEmail(email)
  if (earlier) {
    findings.fault("duplicate", row.cell("email")!)
    findings.loss("name and password of a further account of an address", row.cell("email")!)
    directory.people.set(key!, earlier)
    return []
  }
  const cell = row.cell
  const updatedAt = readInstant(cell("updated_at"), findings, directory.latest)
  const created = readInstant(cell("created_at"), findings, directory.latest) ?? updatedAt ?? UNKNOWN_MOMENT
  const name = readText(cell("name"), findings, { most: NAME_CHARACTERS, lines: "one" })
  const password = readPassword(row, findings)
  const language = readChoice(cell("language"), findings, isLanguage, "en")
  const timeZone = readChoice(cell("time_zone"), findings, isZone, "UTC")
  // The purge would delete the account: it has waited too long for a letter that was never sent.
  if (cell("verified") && !readBoolean(cell("verified"), findings))
    findings.fault("unverified", cell("verified")!)
  const { accountId, inbox } = directory.addPerson(key!, email, created)
  const shown = name || email.slice(0, email.indexOf("@"))
  const updated = updatedAt ?? created
  const { from } = row
  return [
    {
      table: "accounts",
      values: [
        accountId,
        email,
        created,
        password,
        created,
        shown,
        language,
        timeZone,
        "1",
        created,
        updated,
      ],
      from,
    },
    { table: "lists", values: [inbox.id, "Inbox", "true", "\\x", "1", created, created], from },
    { table: "memberships", values: [inbox.id, accountId, "owner", INBOX_POSITION, "1", created], from },
  ]
}

function readEmail(row: SourceRow, findings: Findings): string {
  const cell = row.cell("email")!
  const email = typeof cell.value === "string" ? normaliseEmail(cell.value) : null
  if (email !== null && !isOfNoOne(email)) return email
  return findings.leaveOut("email", cell)
}

/** Null where there is none that can be verified: its owner chooses one by letter. */
function readPassword(row: SourceRow, findings: Findings): string | null {
  const cell = row.cell("password")
  if (!cell || cell.value === null || cell.value === "") return null
  // Django writes the name of its class before what argon2 and bcrypt say of themselves.
  const hash = String(cell.value).replace(/^argon2(?=\$argon2)|^bcrypt\$(?=\$2)/, "")
  if (readPasswordHash(hash)) return hash
  findings.fault("password", cell)
  return null
}

const isLanguage = (text: string): text is (typeof LANGUAGES)[number] =>
  (LANGUAGES as readonly string[]).includes(text)
const isZone = (text: string): text is string => text.length <= 64 && isTimeZone(text)
