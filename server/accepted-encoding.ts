/** The encodings a built file may be stored in, the smallest result first. */
const PREFERENCE = ["br", "zstd", "gzip"] as const
export type Encoding = (typeof PREFERENCE)[number]

/**
 * The best of `available` that the client takes, or null for the plain file (RFC 9110, section 12.5.3). Among what
 * it takes equally gladly, ours is the order: smallest first.
 */
export function acceptedEncoding(header: string | null, available: ReadonlySet<Encoding>): Encoding | null {
  if (!header) return null
  const weights = new Map<string, number>()
  for (const part of header.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim())
    const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2)
    weights.set(name, quality === undefined ? 1 : Number(quality) || 0)
  }
  let best: Encoding | null = null
  let bestWeight = 0
  for (const encoding of PREFERENCE) {
    const weight = available.has(encoding) ? (weights.get(encoding) ?? weights.get("*") ?? 0) : 0
    if (weight > bestWeight) {
      best = encoding
      bestWeight = weight
    }
  }
  return best
}
