// Run by `bun -e` in a container of the stack (fetch-secrets.ts): prints what is in /run/secrets, readable only by who
// holds the private half of the RSA key that is given, so that it may pass through the engine's logs.
const { createCipheriv, createPublicKey, publicEncrypt, randomBytes } = require("node:crypto")
const { readdirSync, readFileSync } = require("node:fs")

const folder = "/run/secrets"
const secrets = readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, "utf8")])
const [key, iv] = [randomBytes(32), randomBytes(12)]
const cipher = createCipheriv("aes-256-gcm", key, iv)
const body = Buffer.concat([cipher.update(JSON.stringify(Object.fromEntries(secrets))), cipher.final()])
// In Base64, since an argument that begins as PEM does would be taken for an option.
const publicKey = createPublicKey({
  key: Buffer.from(process.argv[1], "base64"),
  format: "der",
  type: "spki",
})
const wrapped = publicEncrypt({ key: publicKey, oaepHash: "sha256" }, key)
const sealed = Buffer.concat([wrapped, iv, cipher.getAuthTag(), body]).toString("base64")
// An engine's log cuts lines of more than 16 KiB.
const lines = sealed.match(/.{1,8000}/g)
for (const [index, line] of lines.entries()) console.log(`sealed ${index + 1}/${lines.length} ${line}`)
