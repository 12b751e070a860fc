import { Refusal } from "../refusal.ts"
import { run } from "./programs.ts"

/**
 * With what to sign: the private key at a path, or in a variable as `env://NAME` (its password in COSIGN_PASSWORD);
 * undefined is keyless, with the identity that GitHub gives a workflow.
 */
export type SigningKey = string | undefined

/** Kinds of statements about an image, as cosign calls them. */
export type Statement = "spdxjson" | "slsaprovenance1"

/** Refuses (3) unless there is something to sign with, before anything is built. */
export async function needSigningKey(key: SigningKey) {
  if (key === undefined && !process.env.ACTIONS_ID_TOKEN_REQUEST_URL)
    throw new Refusal(
      3,
      "There is no identity to sign with: give --key, or in a GitHub workflow the permission `id-token: write`.",
    )
  if (key?.startsWith("env://") && !process.env[key.slice(6)])
    throw new Refusal(3, `The variable ${key.slice(6)}, which --key names, is not set.`)
  if (key && !key.includes("://") && !(await Bun.file(key).exists()))
    throw new Refusal(2, `The private key ${key} cannot be read.`)
}

/** Signs `image`, and stores the signature beside it in the registry. */
export async function sign(image: string, key: SigningKey) {
  await cosign(["sign", ...withKey(key), image], `${image} could not be signed`)
}

/** States what the JSON file `predicate` holds about `image`, signed and stored beside it. */
export async function attest(image: string, statement: Statement, predicate: string, key: SigningKey) {
  await cosign(
    ["attest", ...withKey(key), `--type=${statement}`, `--predicate=${predicate}`, image],
    `The ${statement} of ${image} could not be signed`,
  )
}

/** What is signed by a key of one's own is not told to Sigstore's public log; keyless, the log is what vouches. */
const withKey = (key: SigningKey) =>
  key === undefined ? ["--yes"] : ["--yes", `--key=${key}`, "--tlog-upload=false"]

async function cosign(args: string[], complaint: string) {
  // An unencrypted key has the empty password; without the variable cosign would ask for one.
  const variables = { COSIGN_PASSWORD: process.env.COSIGN_PASSWORD ?? "" }
  const ran = await run("cosign", args, { variables })
  if (ran.exitCode !== 0) throw new Refusal(1, `${complaint}: ${ran.stderr.split("\n")[0]}`)
}
