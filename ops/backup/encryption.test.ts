import { expect, test } from "bun:test"
import { generateX25519Identity, identityToRecipient } from "age-encryption"
import { decryptStream, decryptText, encryptStream, encryptText } from "./encryption.ts"

const [alice, bob, mallory] = await Promise.all([1, 2, 3].map(() => generateX25519Identity()))
const recipients = await Promise.all([alice!, bob!].map((identity) => identityToRecipient(identity)))
const long = crypto.getRandomValues(new Uint8Array(60_000)).toHex().repeat(3)

/** All of what a stream of `cipher` decrypts to. */
const decrypted = async (cipher: Uint8Array, identity: string) =>
  new Response(await decryptStream(new Blob([cipher as BlobPart]).stream(), [identity], "dump.age")).text()
const encrypted = async (text: string) =>
  new Response(await encryptStream(new Blob([text]).stream(), recipients)).bytes()

test("each of several keys opens what was encrypted", async () => {
  const cipher = await encrypted(long)
  expect(await decrypted(cipher, alice!)).toBe(long)
  expect(await decrypted(cipher, bob!)).toBe(long)
  expect(await decryptText(await encryptText("short", recipients), [bob!], "manifest.age")).toBe("short")
})

test("another key is named as wrong", async () => {
  await expect(encrypted(long).then((cipher) => decrypted(cipher, mallory!))).rejects.toThrow(
    /^Wrong key: dump\.age/,
  )
})

test.each([
  ["cut short by a byte", (cipher: Uint8Array) => cipher.subarray(0, -1)],
  ["cut at the end of a chunk", (cipher: Uint8Array) => cipher.subarray(0, -(cipher.length % 65_552))],
  ["longer by a byte", (cipher: Uint8Array) => Buffer.concat([cipher, new Uint8Array(1)])],
  [
    "with a bit flipped in the middle",
    (cipher: Uint8Array) => cipher.with(cipher.length >> 1, cipher.at(cipher.length >> 1)! ^ 1),
  ],
  ["with a bit flipped at the end", (cipher: Uint8Array) => cipher.with(-1, cipher.at(-1)! ^ 1)],
] as const)("what is %s is named as damaged", async (_, spoil) => {
  const cipher = await encrypted(long)
  await expect(decrypted(spoil(cipher), alice!)).rejects.toThrow(/^dump\.age is damaged/)
})
