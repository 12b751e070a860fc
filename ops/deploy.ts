import { command } from "./command.ts"
import { deployHosted } from "./hosted/deploy.ts"
import { runSmoke } from "./smoke/run.ts"
import { needSigner, verifyImage } from "./supply-chain/verify.ts"
import { changeStack } from "./swarm/change-stack.ts"
import { deployRelease } from "./swarm/deploy-release.ts"
import { imageByDigest, short } from "./swarm/images.ts"
import { operator } from "./swarm/operator.ts"
import { planDeploy } from "./swarm/plan.ts"

const digest = `sha256:${"0123456789abcdef".repeat(4)}`

export default command({
  name: "deploy",
  description:
    "Makes an image the release that serves: fetches and verifies it, migrates, rolls it out without a failed request, proves it from outside, and puts the last good release back if anything is wrong.",
  examples: [
    `bun run ops deploy staging ${digest}`,
    `bun run ops deploy production ghcr.io/owner/docket@${digest} --json`,
    `bun run ops deploy production ${digest} --dry-run`,
  ],
  arguments: {
    digest: { type: "positional", required: true, description: "The image's digest, sha256:…" },
  },
  run: async ({ environment, arguments: { digest: given }, dryRun }) => {
    if (environment.kind === "hosted") {
      needSigner(environment)
      const { release, before, published } = await deployHosted(environment, given.split("@").at(-1)!, {
        by: operator().by,
        smoke: () => runSmoke(environment),
        verify: (image) => verifyImage(environment, image),
        dryRun,
      })
      const text = published ? `Release ${release.number} (${release.digest}) runs.` : "Nothing was changed."
      return { text, facts: { release, before, published } }
    }
    const image = imageByDigest(environment, given)
    needSigner(environment)
    if (dryRun) return planDeploy(environment, image)
    const began = performance.now()
    return changeStack(environment, `deploys ${short(image)}`, async (change) => {
      const release = await deployRelease(change, image)
      const seconds = Math.round((performance.now() - began) / 1000)
      const table = change.steps.done.map(
        ({ step, seconds }) => `  ${step.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`,
      )
      return {
        text: [
          `Release ${release.number} of ${environment.name} serves: ${release.version}, ${image}`,
          ...table,
          `  ${"all".padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`,
        ].join("\n"),
        facts: {
          release: release.number,
          image,
          replaced: release.replaces ?? null,
          seconds,
          steps: change.steps.done,
        },
      }
    })
  },
})
