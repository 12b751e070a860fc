import type { Config } from "../config.ts"
import type { Sql } from "../database/connect.ts"
import { composeLetter } from "../mail/letters/compose.ts"
import type { Letter } from "../mail/letters.ts"
import { senderOf } from "../mail/sender.ts"
import { SendFault, type Transport } from "../mail/transport.ts"
import { type Purpose, purposeOf } from "./letter-purpose.ts"
import { clearPreviousEmail, deleteLetterToken, findAddressee, storeLetterToken } from "./letter-queries.ts"
import { LETTER_TOKEN_SECONDS, makeToken } from "./letter-tokens.ts"

type Dependencies = { sql: Sql; config: Config; transport: Transport }

/**
 * Sends `letter`, or finds that its purpose has lapsed. Rejects with a `SendFault` when it was not taken.
 *
 * The token of its link is made here and only its hash is stored, before the letter leaves, so that the link works
 * as soon as it arrives. `id` names the letter in its Message-ID: one that goes out twice, because this process
 * died between the server's answer and the queue's record of it, is the same letter to mail programs.
 */
export async function sendLetter(
  { kind, accountId }: Letter,
  id: string,
  { sql, config, transport }: Dependencies,
): Promise<"sent" | "lapsed"> {
  const account = await findAddressee(sql, accountId)
  const purpose = account && purposeOf(kind, account)
  if (!account || !purpose) return "lapsed"

  const from = senderOf(config)
  const token = await storeToken(sql, accountId, purpose)
  const frontendUrl = config.frontendUrl!.replace(/\/+$/, "")
  const composed = composeLetter({
    kind,
    language: account.language,
    name: purpose.toOwner ? account.name : null,
    // In the fragment, which browsers keep to themselves: the token is in no log and no Referer.
    link: `${frontendUrl}${purpose.path}${token ? `#token=${token.token}` : ""}`,
    frontendUrl,
    moment: purpose.moment ?? new Date().toISOString(),
    timeZone: account.timeZone,
  })
  try {
    await transport.send({
      ...composed,
      from,
      to: purpose.to,
      messageId: `<${id}@${from.address.split("@").pop()}>`,
      date: new Date(),
      headers: {
        // RFC 2919; and RFC 3834, so that nothing answers a letter that nobody reads answers to.
        "List-Id": `Docket <account-letters.${new URL(frontendUrl).hostname}>`,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": account.language,
      },
    })
  } catch (fault) {
    const refused = fault instanceof SendFault && fault.kind !== "unreachable"
    if (token && refused) await deleteLetterToken(sql, token.hash)
    throw fault
  }
  if (kind === "email-changed") await clearPreviousEmail(sql, accountId, purpose.to)
  return "sent"
}

async function storeToken(sql: Sql, accountId: string, { token: purpose, to }: Purpose) {
  if (!purpose) return null
  const token = makeToken()
  const seconds = LETTER_TOKEN_SECONDS[purpose]
  await storeLetterToken(sql, { hash: token.hash, accountId, purpose, email: to, seconds })
  return token
}
