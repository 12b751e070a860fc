import { Problem } from "./problems.ts"

/** The strong entity tag of a row: its rev, which every change of it raises (RFC 9110, 8.8.3). */
export const entityTag = (rev: number) => `"${rev}"`

/** Fails with 412 unless the `If-Match` header, where there is one, names the row's rev (RFC 9110, 13.1.1). */
export function requireMatch(ifMatch: string | null | undefined, rev: number) {
  if (ifMatch == null || ifMatch.trim() === "*") return
  const tags = ifMatch.split(",").map((tag) => tag.trim())
  if (!tags.includes(entityTag(rev))) throw Problem.preconditionFailed()
}
