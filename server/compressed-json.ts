import { promisify } from "node:util"
import { constants, gzip, zstdCompress } from "node:zlib"
import { acceptedEncoding } from "./accepted-encoding.ts"

/** A shorter answer is sent in the time that compressing it would take. */
const LEAST_LENGTH = 16 * 1024
/** Thousands of rows shrink to a tenth at these levels; higher ones cost several times as much for a few percent. */
const COMPRESS = {
  zstd: (text: string) =>
    promisify(zstdCompress)(text, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
  gzip: (text: string) => promisify(gzip)(text, { level: 4 }),
}
const AVAILABLE = new Set(["zstd", "gzip"] as const)

/**
 * `value` as JSON, compressed off the event loop where it is long and the client takes it (RFC 9110, section 8.4). For
 * answers that hold the caller's own rows and no secret: what a stranger can put beside a secret, lengths would tell.
 */
export async function compressedJson(value: unknown, request: Request): Promise<Response> {
  const text = JSON.stringify(value)
  const headers = { "Content-Type": "application/json;charset=utf-8", Vary: "Accept-Encoding" }
  const encoding =
    text.length < LEAST_LENGTH
      ? null
      : (acceptedEncoding(request.headers.get("Accept-Encoding"), AVAILABLE) as keyof typeof COMPRESS | null)
  if (!encoding) return new Response(text, { headers })
  const body = await COMPRESS[encoding](text)
  return new Response(new Uint8Array(body), { headers: { ...headers, "Content-Encoding": encoding } })
}
