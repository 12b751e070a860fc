import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto"
import { type Static, Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { Refusal } from "../refusal.ts"
import { variable } from "./settings.ts"
import type { Storage } from "./storage.ts"
import type { Backup } from "./stored-backups.ts"

const FOLDER = "proofs"

const proofShape = Type.Object({
  format: Type.Literal(1),
  backup: Type.String(),
  /** Of the dump and of `manifest.age`: the proof is of these bytes and no others. */
  dump: Type.String(),
  manifest: Type.String(),
  provenAt: Type.String(),
  /** What was done, with figures: `restored and equal`, `migrated`, `the application worked on it`. */
  facts: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Null()])),
})
export type Proof = Static<typeof proofShape>

/** What is stored: the signature is over the text as it stands. */
const signedShape = Type.Object({ proof: Type.String(), signature: Type.String() })

/** Ed25519 (RFC 8032): `openssl genpkey -algorithm ed25519` makes the private key. */
export function proofKey(): KeyObject {
  const text = variable("BACKUP_PROOF_KEY")
  if (!text)
    throw new Refusal(
      2,
      "BACKUP_PROOF_KEY_FILE is not set: the verifier's private key that proofs are signed with (openssl genpkey -algorithm ed25519).",
    )
  return readKey("BACKUP_PROOF_KEY", () => createPrivateKey(text))
}

/** Whose signature makes a backup proven; null where neither of the keys is known here. */
export function proofPublicKey(): KeyObject | null {
  const text = variable("BACKUP_PROOF_PUBLIC_KEY")
  if (text) return readKey("BACKUP_PROOF_PUBLIC_KEY", () => createPublicKey(text))
  return variable("BACKUP_PROOF_KEY") ? createPublicKey(proofKey()) : null
}

function readKey(name: string, read: () => KeyObject): KeyObject {
  try {
    const key = read()
    if (key.asymmetricKeyType === "ed25519") return key
  } catch {}
  throw new Refusal(2, `${name} is no Ed25519 key in PEM.`)
}

export async function storeProof(storage: Storage, proof: Proof, key: KeyObject): Promise<void> {
  const text = JSON.stringify(proof)
  const signature = sign(null, Buffer.from(text), key).toString("base64")
  await storage.put(`${FOLDER}/${proof.backup}.json`, JSON.stringify({ proof: text, signature }))
}

/** Of the backups, those that were proven: a proof with a good signature, of the bytes that the backup says it has. */
export async function readProofs(
  storage: Storage,
  backups: Backup[],
  key: KeyObject,
): Promise<Map<string, Proof>> {
  const stored = new Set((await storage.list(`${FOLDER}/`)).map(({ key }) => key))
  const proofs = new Map<string, Proof>()
  for (const backup of backups) {
    if (!stored.has(keyOfProof(backup.id))) continue
    const proof = parseProof(await storage.read(keyOfProof(backup.id)), key)
    if (proof && isOf(proof, backup)) proofs.set(backup.id, proof)
  }
  return proofs
}

export const keyOfProof = (id: string) => `${FOLDER}/${id}.json`

const isOf = (proof: Proof, { id, dump, manifest }: Backup) =>
  proof.backup === id && proof.dump === dump.sha256 && proof.manifest === manifest.sha256

/** Null for what was not signed by `key`, which is no proof. */
function parseProof(content: Uint8Array | null, key: KeyObject): Proof | null {
  if (content === null) return null
  try {
    const signed: unknown = JSON.parse(new TextDecoder().decode(content))
    if (!Value.Check(signedShape, signed)) return null
    if (!verify(null, Buffer.from(signed.proof), key, Buffer.from(signed.signature, "base64"))) return null
    const proof: unknown = JSON.parse(signed.proof)
    return Value.Check(proofShape, proof) ? proof : null
  } catch {
    return null
  }
}
