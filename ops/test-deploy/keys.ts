import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { exec } from "../supply-chain/programs.ts"
import { expect } from "../testing/check.ts"

/** Paths of a private and a public key of cosign's. */
export type Keys = { private: string; public: string }

/** A pair of keys, unencrypted: they sign nothing but what this run makes. */
export async function makeKeys(folder: string): Promise<Keys> {
  await mkdir(folder)
  const ran = await exec("sh", ["-c", 'cd "$0" && cosign generate-key-pair', folder], {
    variables: { COSIGN_PASSWORD: "" },
  })
  expect(ran.exitCode === 0, ran.stderr)
  return { private: join(folder, "cosign.key"), public: join(folder, "cosign.pub") }
}
