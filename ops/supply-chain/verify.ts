import { Refusal } from "../refusal.ts"
import { type Ran, run } from "./programs.ts"

/**
 * Whose signature counts: a public key (path of a PEM file), or whoever could sign in at `issuer` as `identity`.
 * GitHub's: issuer `https://token.actions.githubusercontent.com`, identity the workflow's address and its branch,
 * as in `https://github.com/OWNER/docket/.github/workflows/deploy-staging.yml@refs/heads/main`.
 */
export type Signer = { key: string } | { identity: string; issuer: string }

/** Why an image is not to be trusted. */
export type Distrust = "unsigned" | "signed-by-another" | "signature-of-another-image" | "unknown"

/** The image is not what was signed, or that could not be told. Nothing of it has run. */
export class NotVerified extends Refusal {
  override name = "NotVerified"
  constructor(
    readonly distrust: Distrust,
    message: string,
  ) {
    super(3, message)
  }
}

/**
 * Holds `image` (`registry/name@sha256:…`) against its signature in the registry, by cosign. Returns a sentence of who
 * signed it. Throws `NotVerified` when it was not signed, by another, or for another image, and when the registry does
 * not answer; `Refusal` (2) when the image has no digest, the key cannot be read, or cosign is not there.
 *
 * A signature by a key is checked without Sigstore's servers: the key alone vouches. Where a registry has another name
 * from here than for the engine, cosign's own COSIGN_REPOSITORY says where signatures are.
 */
export async function verifyImage(environment: { cosign?: Signer }, image: string): Promise<string> {
  const signer = environment.cosign
  if (!signer)
    throw new Refusal(2, "The environment says in no [cosign] whose signature an image has to carry.")
  if (!/@sha256:[0-9a-f]{64}$/.test(image))
    throw new Refusal(2, `${image} has no digest: what a tag means can change between the check and the run.`)
  if ("key" in signer && !(await Bun.file(signer.key).exists()))
    throw new Refusal(2, `The public key ${signer.key}, which signatures are checked with, cannot be read.`)
  const ran = await run("cosign", ["verify", ...whose(signer), "--output=json", image])
  if (ran.exitCode !== 0) throw distrustOf(ran, image, signer)
  return `${image} was signed by ${nameOf(signer)}.`
}

const whose = (signer: Signer) =>
  "key" in signer
    ? [`--key=${signer.key}`, "--private-infrastructure"]
    : [`--certificate-identity=${signer.identity}`, `--certificate-oidc-issuer=${signer.issuer}`]

const nameOf = (signer: Signer) =>
  "key" in signer ? `the key ${signer.key}` : `${signer.identity} (${signer.issuer})`

/** What cosign's exit code means (its pkg/cosign/errors): 10 no signature, 12 none that fits, 13 none with a certificate. */
function distrustOf({ exitCode, stderr }: Ran, image: string, signer: Signer): NotVerified {
  if (exitCode === 10) return new NotVerified("unsigned", `${image} carries no signature.`)
  if (exitCode === 12 && stderr.includes("digest in claim"))
    return new NotVerified(
      "signature-of-another-image",
      `${image} carries the signature of another image: ${nameOf(signer)} did not sign this one.`,
    )
  if (exitCode === 12 || exitCode === 13)
    return new NotVerified("signed-by-another", `${image} is signed, but not by ${nameOf(signer)}.`)
  const reason = stderr.split("\n").findLast((line) => line.trim())
  return new NotVerified("unknown", `Whether ${image} is signed could not be told: ${reason}`)
}
