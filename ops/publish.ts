import { appendFile } from "node:fs/promises"
import { command } from "./command.ts"
import { say } from "./progress.ts"
import { Refusal } from "./refusal.ts"
import { publish } from "./supply-chain/publish.ts"
import { committedSources } from "./supply-chain/sources.ts"
import { acceptsUnsigned, needSigner } from "./supply-chain/verify.ts"

export default command({
  name: "publish",
  description: "Build the image of HEAD once, push it by digest, and sign it with what it is made of",
  examples: [
    "bun run ops publish staging                              # in a GitHub workflow: signed with its identity",
    "bun run ops publish staging --key ~/docket.key           # cosign generate-key-pair makes one",
    "bun run ops publish staging --key env://COSIGN_PRIVATE_KEY --sbom sbom",
  ],
  arguments: {
    key: {
      type: "string",
      description: "The private key: a path, or env://NAME (password: COSIGN_PASSWORD)",
    },
    sbom: { type: "string", description: "A folder to keep the bill of materials in" },
  },
  run: async ({ environment, arguments: { key, sbom }, dryRun }) => {
    needSigner(environment)
    if (acceptsUnsigned(environment))
      throw new Refusal(
        2,
        `[cosign] of ${environment.path} says unsigned = true: publish signs, so name the key or the identity that does.`,
      )
    if (dryRun) {
      await using sources = await committedSources()
      const { commit, version, schema, serves } = sources
      const image = `${environment.image}:${commit}`
      const text = `Would build ${version} (schema ${schema}, serves ${serves}) as ${image}, push it, and sign it by ${key ? `the key ${key}` : "the workflow's identity"}.`
      return { text, facts: { dryRun: true, image, commit, version, schema, serves } }
    }
    const published = await publish(environment, key, sbom)
    await tellWorkflow(published.image)
    say(published.reused ? "It was there already, signed: nothing was built." : "Published.")
    return { text: published.image, facts: published }
  },
})

/** Hands the image on to a workflow's next steps, where there is one. */
async function tellWorkflow(image: string) {
  const { GITHUB_OUTPUT } = process.env
  if (GITHUB_OUTPUT) await appendFile(GITHUB_OUTPUT, `image=${image}\n`)
}
