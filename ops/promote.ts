/**
 * `bun ops/promote.ts <workflow> <image>`: starts the workflow file `workflow` of this repository with the image that
 * staging runs, and the commit whose stack and commands it was deployed with. It waits there for its reviewers.
 * GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_SHA and GITHUB_TOKEN are as GitHub sets them.
 */
const [workflow, image] = process.argv.slice(2)
const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_TOKEN } = process.env
if (!workflow || !image || !GITHUB_API_URL || !GITHUB_REPOSITORY || !GITHUB_SHA || !GITHUB_TOKEN) {
  console.error(
    "Usage, in a GitHub workflow: bun ops/promote.ts deploy-production.yml registry/name@sha256:…",
  )
  process.exit(2)
}

const answer = await fetch(
  `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/actions/workflows/${workflow}/dispatches`,
  {
    method: "POST",
    headers: { Authorization: `Bearer ${GITHUB_TOKEN}`, Accept: "application/vnd.github+json" },
    body: JSON.stringify({ ref: "main", inputs: { image, commit: GITHUB_SHA } }),
    signal: AbortSignal.timeout(30_000),
  },
).catch((error: Error) => error)
if (answer instanceof Error || !answer.ok) {
  const reason = answer instanceof Error ? answer.message : `${answer.status} ${await answer.text()}`
  console.error(`${workflow} was not started, and ${image} runs on staging alone. GitHub says: ${reason}`)
  process.exit(1)
}
console.log(`${workflow} waits for its reviewers with ${image}.`)

export {}
