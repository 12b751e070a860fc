/** Which lines of the server's log are asked for; null asks for all. */
export type Asked = { requestId: string | null; accountId: string | null }

/** What `docker service logs --timestamps` writes before a line: its time, and the task that wrote it. */
type Line = { requestId?: unknown; accountId?: unknown }

/**
 * The lines that are of the request and of the account. Lines that are not the server's JSON (a supervisor's last words, a
 * stack from before the log was open) belong to neither.
 */
export function ofAsked(lines: string[], { requestId, accountId }: Asked): string[] {
  if (requestId === null && accountId === null) return lines
  return lines.filter((line) => {
    const facts = factsOf(line)
    return (
      facts !== null &&
      (requestId === null || facts.requestId === requestId) &&
      (accountId === null || facts.accountId === accountId)
    )
  })
}

function factsOf(line: string): Line | null {
  const start = line.indexOf("{")
  if (start === -1) return null
  try {
    return JSON.parse(line.slice(start)) as Line
  } catch {
    return null
  }
}
