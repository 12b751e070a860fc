import { join } from "node:path"

/** Shorter texts, and words that any log has, would be found by accident. */
const SHORTEST = 8
/** An address with more than its first letter, an access token, a password in a URL. */
const SHAPES: Record<string, RegExp> = {
  address: /[\p{L}\p{N}._%+-]{2,}@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+/u,
  "access token": /eyJ[\w-]{10,}\.[\w-]{10,}\./,
  "password in a URL": /:\/\/[^\s/@":*]+:[^\s/@"*]+@/,
}
/** Names of packages and versions look like addresses. */
const NO_ADDRESS = /^[\w.-]+@\d+(\.\d+)+/

/** What was looked through, and a sentence for each thing found, with the line as far as it can be shown. */
export type Search = { lines: number; secrets: number; found: string[] }

/**
 * Searches what the servers of a test run logged (server/testing/kept-logs.ts) for what they were sent that must not be
 * there, and for anything of the shape of it.
 */
export async function searchLogs(folder: string): Promise<Search> {
  const texts = async (kind: string) => {
    const files = [...new Bun.Glob(`*.${kind}`).scanSync(folder)]
    const all = await Promise.all(files.map((file) => Bun.file(join(folder, file)).text()))
    return all.flatMap((text) => text.split("\n")).filter(Boolean)
  }
  const lines = await texts("log")
  const secrets = [...new Set((await texts("secrets")).map((line) => JSON.parse(line) as string))].filter(
    (secret) => secret.trim().length >= SHORTEST,
  )
  const found: string[] = []
  const whole = lines.join("\n")
  for (const secret of secrets)
    if (whole.includes(secret)) {
      const line = lines.find((line) => line.includes(secret)) ?? ""
      found.push(`Something sent as a secret was logged: ${line.replaceAll(secret, "█").slice(0, 300)}`)
    }
  for (const line of lines)
    for (const [name, shape] of Object.entries(SHAPES)) {
      const hit = shape.exec(line)?.[0]
      if (hit && !NO_ADDRESS.test(hit))
        found.push(`An ${name} was logged: ${line.replace(hit, "█").slice(0, 300)}`)
    }
  return { lines: lines.length, secrets: secrets.length, found }
}

// `bun ops/search-logs.ts FOLDER`, for logs that a run has kept.
if (import.meta.main) {
  const { lines, secrets, found } = await searchLogs(process.argv[2]!)
  for (const sentence of found.slice(0, 20)) console.error(sentence)
  console.log(`${lines} lines searched for ${secrets} secrets: ${found.length} found`)
  process.exit(found.length === 0 ? 0 : 1)
}
