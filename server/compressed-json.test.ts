import { expect, test } from "bun:test"
import { gunzipSync, zstdDecompressSync } from "node:zlib"
import { compressedJson } from "./compressed-json.ts"

const rows = Array.from({ length: 2000 }, (_, n) => ({
  id: Bun.randomUUIDv7(),
  title: `Blåbärssylt 蓝莓酱 ${n}`,
}))
const asking = (encodings?: string) =>
  new Request("http://docket", { headers: encodings === undefined ? {} : { "Accept-Encoding": encodings } })

test("a long answer comes in the encoding that the client takes most gladly", async () => {
  for (const [accepted, encoding, decode] of [
    ["gzip, deflate, br, zstd", "zstd", zstdDecompressSync],
    ["gzip;q=1, zstd;q=0.5", "gzip", gunzipSync],
  ] as const) {
    const answer = await compressedJson(rows, asking(accepted))
    expect(answer.headers.get("Content-Encoding")).toBe(encoding)
    expect(answer.headers.get("Vary")).toBe("Accept-Encoding")
    expect(answer.headers.get("Content-Type")).toBe("application/json;charset=utf-8")
    const body = await answer.bytes()
    expect(body.length).toBeLessThan(JSON.stringify(rows).length / 2)
    expect(JSON.parse(decode(body).toString())).toEqual(rows)
  }
})

test("a short one, or one for a client that takes none, comes as it is", async () => {
  for (const [value, accepted] of [
    [{ short: true }, "gzip, zstd"],
    [rows, undefined],
    [rows, "br"],
    [rows, "gzip;q=0"],
  ] as const) {
    const answer = await compressedJson(value, asking(accepted))
    expect(answer.headers.get("Content-Encoding")).toBeNull()
    expect(await answer.json()).toEqual(value)
  }
})
