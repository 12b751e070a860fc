import { Refusal } from "../refusal.ts"
import { missingPrograms, type Ran, run } from "./programs.ts"

/**
 * Whose signature counts, as an environment's `[cosign]` says it: a public key (path of a PEM file), or whoever could
 * sign in at `issuer` as `identity`. GitHub's issuer is `https://token.actions.githubusercontent.com`, and the identity
 * a workflow and its branch: `https://github.com/OWNER/docket/.github/workflows/deploy-staging.yml@refs/heads/main`.
 * `unsigned` asks for none: whatever the registry holds may run.
 */
export type Signer = { key?: string; identity?: string; issuer?: string; unsigned?: true }

/** Why an image is not to be trusted. */
export type Distrust = "unsigned" | "signed-by-another" | "signature-of-another-image" | "unknown"

/** The image is not what was signed, or that could not be told. Nothing of it has run. */
export class NotVerified extends Refusal {
  constructor(
    readonly distrust: Distrust,
    message: string,
  ) {
    super(3, message, { distrust })
  }
}

/** What the environments that come with the repository say where the operator's own name belongs. */
const PLACEHOLDER = "OWNER"

/**
 * Refuses (2) an environment that does not say whose signature counts, or still says it with the template's words, and
 * (2) when cosign is wanted and not there: before anything is built or changed.
 */
export function needSigner({ cosign, path }: { cosign?: Signer; path: string }) {
  if (!cosign)
    throw new Refusal(
      2,
      `${path} has no [cosign], so nothing says whose signature counts. Give it a key, or an identity and its issuer; unsigned = true runs whatever the registry holds. See docs/deployment/production.md`,
    )
  if (cosign.identity?.split("/").includes(PLACEHOLDER))
    throw new Refusal(2, `[cosign] of ${path} still says ${PLACEHOLDER}: put your repository's owner there.`)
  const [missing] = cosign.unsigned ? [] : missingPrograms("cosign")
  if (missing) throw new Refusal(2, missing)
}

/** Whether the environment runs whatever the registry holds. */
export const acceptsUnsigned = ({ cosign }: { cosign?: Signer }) => cosign?.unsigned === true

/**
 * Holds `image` (`registry/name@sha256:…`) against its signature in the registry, by cosign. Returns a sentence of who
 * signed it, or that nobody was asked for. Throws `NotVerified` when it was not signed, by another, or for another image, and when the registry does
 * not answer; `Refusal` (2) when the image has no digest, the key cannot be read, or cosign is not there.
 *
 * Where a registry has another name from here than for the engine, cosign's own COSIGN_REPOSITORY says where
 * signatures are.
 */
export async function verifyImage(environment: { cosign?: Signer }, image: string): Promise<string> {
  const signer = environment.cosign ?? {}
  if (!/@sha256:[0-9a-f]{64}$/.test(image))
    throw new Refusal(2, `${image} has no digest: what a tag means can change between the check and the run.`)
  if (signer.unsigned) return `Its signature is not checked: [cosign] says unsigned = true.`
  const { options, name, variables } = await accepted(signer)
  const ran = await run("cosign", ["verify", ...options, "--output=json", image], { variables })
  if (ran.exitCode !== 0) throw distrustOf(ran, image, name)
  return `${image} was signed by ${name}.`
}

/** cosign's options for a signer, and how to speak of it. */
async function accepted({ key, identity, issuer }: Signer) {
  if (key && !identity && !issuer) {
    if (!(await Bun.file(key).exists()))
      throw new Refusal(2, `The public key ${key}, which signatures are checked with, cannot be read.`)
    // The key alone vouches. Without the variable cosign asks Sigstore's servers first, for what it does not use then.
    return {
      options: [`--key=${key}`, "--private-infrastructure"],
      name: `the key ${key}`,
      variables: { SIGSTORE_REKOR_PUBLIC_KEY: key },
    }
  }
  if (identity && issuer && !key)
    return {
      options: [`--certificate-identity=${identity}`, `--certificate-oidc-issuer=${issuer}`],
      name: `${identity} (${issuer})`,
    }
  throw new Refusal(2, "[cosign] of the environment must hold either a key, or an identity and its issuer.")
}

/** What cosign's exit code means (its pkg/cosign/errors): 10 no signature, 12 none that fits, 13 none with a certificate. */
function distrustOf({ exitCode, stderr }: Ran, image: string, signer: string): NotVerified {
  if (exitCode === 10) return new NotVerified("unsigned", `${image} carries no signature.`)
  if (exitCode === 12 && stderr.includes("digest in claim"))
    return new NotVerified(
      "signature-of-another-image",
      `${image} carries the signature of another image: ${signer} did not sign this one.`,
    )
  if (exitCode === 12 || exitCode === 13)
    return new NotVerified("signed-by-another", `${image} is signed, but not by ${signer}.`)
  const reason = stderr
    .split("\n")
    .at(-1)
    ?.replace(/^error during command execution: /, "")
  return new NotVerified("unknown", `Whether ${image} is signed could not be told: ${reason}`)
}
