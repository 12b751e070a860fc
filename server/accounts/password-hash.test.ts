import { describe, expect, test } from "bun:test"
import { matches, readPasswordHash } from "./password-hash.ts"

const PASSWORD = "correct horse battery"

/** Of `PASSWORD`, each made by the library itself. */
const MADE_ELSEWHERE = {
  "argon2id of one lane":
    "$argon2id$v=19$m=8192,t=3,p=1$tkB1ZyX4JXa5IYZrH4kyvA$DPYt/Q7J6DI1ChKANnAuat7A/7Br0QkeZ9sbUu9QL2o",
  "argon2i of four lanes":
    "$argon2i$v=19$m=8192,t=3,p=4$i8LNb2xPzze6kzL4Da7ahA$PNCEjLiGnL7iWwC2oqmDvGj3x6cOgem4UmMiVulFz5Q",
  "bcrypt 2b": "$2b$05$Xce8ALDtGJRJs.hdWtppqOoqjqA7m42viaGdamjxBhOPy3zBXFcyy",
  "bcrypt 2a": "$2a$05$RONDkL.OrBjAbzFr/wBi1uMWWRmx/jiwMrg5OxrmVOeULIAzLTR5S",
  "Django's PBKDF2 with SHA-256":
    "pbkdf2_sha256$26000$seasalt2seasalt2ABCDEF$8u7DVrh0VeyJO8I3TRGPUl2ovVoxWtDxyzh6sJVTVJs=",
  "Django's PBKDF2 with SHA-1": "pbkdf2_sha1$15000$seasalt2seasalt2ABCDEF$vRtGOSRzKJjrhWOJiP5LRgsTK3s=",
  "Passlib's PBKDF2 with SHA-256":
    "$pbkdf2-sha256$29000$O0fIuXdujVHKGeP8nxMCAA$tSAu5YlqmWYafyEuEOl.fifbksQkIVtCyM0Fe4Xmdjg",
  "Passlib's PBKDF2 with SHA-512":
    "$pbkdf2-sha512$2500$GAMgJMT4v1eq1ZqTkjImJA$bHKKtmJW6j4H01HrweijgqW3.IOJOaG9J1SgoG42F5Xgv2W0xYgvDyHDYeQh9fvf5OU218kryzp9Ina8hgxhgw",
  "Passlib's PBKDF2 with SHA-1": "$pbkdf2$1310$iJHyPmcsJcS415pzbq117g$EBy1TrKahd/KzlnlG/kJebLljDU",
  "Werkzeug's PBKDF2 with SHA-256":
    "pbkdf2:sha256:26000$BQk2tOTb9UKcpya2$00d5e9a6b1ad436d9e37d28a9e873c46cbbe0ff1b1bdded365f8e833dc8a77f1",
  "Werkzeug's PBKDF2 with SHA-512":
    "pbkdf2:sha512:2100$AAKcbBXt8BnYUwRQ$626f8deb747a58fd33b0cb6f75cb688a92df5586c56bf92abb2b62cfa90e95b7bc701e305338f61e282297e30a28c22d371dbaf37e7392ed7acef8f9d9a8ae82",
  "Werkzeug's PBKDF2 with SHA-1":
    "pbkdf2:sha1:1500$nWba7k3vkjKFfbia$2a74b6b75242e77880330ef1981e4af34543dbba",
  "Werkzeug's scrypt":
    "scrypt:32768:8:1$3qRl0XxEYl6csUue$8a4770e6bbac4819eb4e65dacef031443b3fae596c93e3915225ebbf8906ccf9f1195bfc70b780750c33c823119920b9a55968813b1d1b453dd592224f2c9336",
}

describe("hashes that other applications made", () => {
  for (const [name, text] of Object.entries(MADE_ELSEWHERE))
    test(name, async () => {
      const hash = readPasswordHash(text)!
      expect(await matches(PASSWORD, hash)).toBe(true)
      expect(await matches(`${PASSWORD} `, hash)).toBe(false)
      expect(await matches("", hash)).toBe(false)
    })
})

test("bcrypt reads 72 bytes of a password, as it does everywhere", async () => {
  const long = "é".repeat(40)
  const text = await Bun.password.hash(Buffer.from(long).subarray(0, 72), { algorithm: "bcrypt", cost: 4 })
  expect(await matches(long, readPasswordHash(text)!)).toBe(true)
  expect(await matches(long.slice(0, 35), readPasswordHash(text)!)).toBe(false)
})

test("the most that is verified is above what frameworks ask for by default", () => {
  const salted = `c29tZXNhbHQ$${"A".repeat(43)}`
  for (const text of [
    `$argon2id$v=19$m=102400,t=2,p=8$${salted}`,
    `$2b$12$${"a".repeat(53)}`,
    `pbkdf2_sha256$1500000$salt$${"A".repeat(43)}=`,
    `pbkdf2:sha256:1000000$salt$${"0".repeat(64)}`,
  ])
    expect(readPasswordHash(text)).not.toBeNull()
})

describe("what is not verified", () => {
  const salted = `c29tZXNhbHQ$${"A".repeat(43)}`
  const refused = {
    nothing: "",
    argon2d: `$argon2d$v=19$m=8192,t=3,p=1$${salted}`,
    "argon2 of an older version": `$argon2id$m=8192,t=3,p=1$${salted}`,
    "argon2 with a gigabyte": `$argon2id$v=19$m=1048576,t=1,p=1$${salted}`,
    "argon2 with many passes": `$argon2id$v=19$m=8192,t=9999,p=1$${salted}`,
    "argon2 with less memory than its lanes need": `$argon2id$v=19$m=8,t=1,p=4$${salted}`,
    "argon2 without passes": `$argon2id$v=19$m=8192,t=0,p=1$${salted}`,
    "bcrypt that takes minutes": `$2b$20$${"a".repeat(53)}`,
    "bcrypt cut off": `$2b$05$${"a".repeat(52)}`,
    "ten million iterations": `pbkdf2_sha256$10000000$salt$${"A".repeat(43)}=`,
    "no iterations": `pbkdf2_sha256$0$salt$${"A".repeat(43)}=`,
    "a key of another length": `pbkdf2:sha256:1000$salt$${"0".repeat(40)}`,
    "an empty key": "pbkdf2:sha256:1000$salt$",
    "scrypt with a gigabyte": `scrypt:1048576:8:1$salt$${"0".repeat(128)}`,
    "scrypt with a cost that is no power of two": `scrypt:32767:8:1$salt$${"0".repeat(128)}`,
    "a digest as it is": "5f4dcc3b5aa765d61d8327deb882cf99",
    "Django's mark of no password": "!PFIlaML6EHvbQEVdC0x3Fw4bLDAHvjkjvVnBeEhj",
    "the password itself": PASSWORD,
  }
  for (const [name, text] of Object.entries(refused))
    test(name, () => expect(readPasswordHash(text)).toBeNull())
})
