import { expect, test } from "bun:test"
import { acceptedEncoding, type Encoding } from "./accepted-encoding.ts"

const all: ReadonlySet<Encoding> = new Set(["br", "zstd", "gzip"])

test.each([
  [null, null],
  ["", null],
  ["gzip", "gzip"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip;q=1.0, br;q=0.5", "gzip"],
  ["br;q=0, gzip;q=0.2", "gzip"],
  ["*", "br"],
  ["*;q=0.1, br;q=0", "zstd"],
  ["BR", "br"],
  ["identity", null],
  ["br;q=nonsense", null],
])("Accept-Encoding: %p is answered with %p", (header, encoding) => {
  expect(acceptedEncoding(header, all)).toBe(encoding as Encoding | null)
})

test("an encoding the file is not stored in is not promised", () => {
  expect(acceptedEncoding("br, gzip", new Set<Encoding>(["gzip"]))).toBe("gzip")
  expect(acceptedEncoding("br", new Set<Encoding>())).toBe(null)
})
