/** Names that begin like this are ours alone, so any unknown one is a mistake. */
const OURS = /^(SMTP|JWT|MAIL_HTTPS)_/

/** No name is taken for another that is more letters away than this. */
const FARTHEST = 2

/** The unknown names among `names` that are close to a known one, each with the one that was probably meant. */
export function misspelt(names: string[], known: string[]): { name: string; meant: string }[] {
  return names
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = cutShort(name, known) ?? nearest(name, OURS.test(name) ? known : near(name, known))
      return meant && (OURS.test(name) || looksLike(name, meant)) ? [{ name, meant }] : []
    })
}

/** What was cut short (SMTP_USER, JWT_SECRET) is nearer to the whole name than letters alone tell. */
const cutShort = (name: string, known: string[]) =>
  known.find((whole) => name.includes("_") && whole.startsWith(name))

/** A machine has hundreds of variables, and distances are dear: most names differ too much in length already. */
const near = (name: string, known: string[]) =>
  known.filter((whole) => Math.abs(whole.length - name.length) <= FARTHEST)

const nearest = (name: string, known: string[]) => {
  const distances = known.map((whole) => ({ whole, distance: editDistance(name, whole) }))
  return distances.sort((one, other) => one.distance - other.distance)[0]?.whole
}

/** A short name is a letter away from many innocent ones: PORT and HOST. */
const looksLike = (name: string, meant: string) =>
  editDistance(name.toUpperCase(), meant) <= (meant.length < 8 ? 1 : FARTHEST)

/** Insertions, deletions, replacements and swaps of neighbours that turn one into the other (Damerau, 1964). */
export function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = rows[row - 1]![column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current[column] = Math.min(
        rows[row - 1]![column]! + 1,
        current[column - 1]! + 1,
        replaced,
        swapped ? rows[row - 2]![column - 2]! + 1 : Number.POSITIVE_INFINITY,
      )
    }
    rows.push(current)
  }
  return rows[from.length]![to.length]!
}
