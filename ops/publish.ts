import { appendFile } from "node:fs/promises"
import { bytes } from "./backup/pace.ts"
import { command } from "./command.ts"
import { Refusal } from "./refusal.ts"
import { type PublishedImage, publish } from "./supply-chain/publish.ts"
import { companions, repositoryOf } from "./supply-chain/recipes.ts"
import { committedSources } from "./supply-chain/sources.ts"
import { acceptsUnsigned, needSigner } from "./supply-chain/verify.ts"
import { table } from "./table.ts"

export default command({
  name: "publish",
  description:
    "Build the images of HEAD once (the server's, the backup's tools, the database's), push them by digest, and sign them with what they are made of",
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
    sbom: { type: "string", description: "A folder to keep the bills of materials in" },
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
      const others = companions.map((name) => repositoryOf(environment.image, name))
      const text = `Would build ${version} (schema ${schema}, serves ${serves}) as ${image}, and ${others.join(" and ")} where what they are made of has changed; push them, and sign them by ${key ? `the key ${key}` : "the workflow's identity"}.`
      return { text, facts: { dryRun: true, image, commit, version, schema, serves } }
    }
    const published = await publish(environment, key, sbom)
    await tellWorkflow(published.images)
    const rows = published.images.map(({ name, image, bytes: size, reused }) => [
      name,
      image,
      bytes(size),
      reused ? "was there" : "new",
    ])
    return { text: table(["image", "name", "size", ""], rows), facts: published }
  },
})

/** Hands the images on to a workflow's next steps, where there is one: `image` is the server's. */
async function tellWorkflow(images: PublishedImage[]) {
  const { GITHUB_OUTPUT } = process.env
  if (!GITHUB_OUTPUT) return
  const lines = images.map(({ name, image }) => `${name === "server" ? "image" : name}=${image}\n`)
  await appendFile(GITHUB_OUTPUT, lines.join(""))
}
