import { origin, type Sources } from "./sources.ts"

/** How an image came about: a predicate of SLSA provenance v1 (https://slsa.dev/spec/v1.0/provenance). */
export async function provenance(sources: Sources, { began, ended }: { began: Date; ended: Date }) {
  const {
    GITHUB_SERVER_URL,
    GITHUB_REPOSITORY,
    GITHUB_RUN_ID,
    GITHUB_RUN_ATTEMPT,
    GITHUB_REF,
    GITHUB_WORKFLOW_REF,
  } = process.env
  const source = await origin()
  const run = GITHUB_RUN_ID && `${source}/actions/runs/${GITHUB_RUN_ID}/attempts/${GITHUB_RUN_ATTEMPT}`
  return {
    buildDefinition: {
      buildType: "urn:docket:image:1",
      externalParameters: {
        ...(GITHUB_REPOSITORY && { repository: GITHUB_REPOSITORY, ref: GITHUB_REF }),
        commit: sources.commit,
        version: sources.version,
        schema: sources.schema,
      },
      resolvedDependencies: [
        {
          uri: source ? `git+${source}` : "urn:docket:sources",
          digest: { gitCommit: sources.commit },
        },
      ],
    },
    runDetails: {
      builder: {
        id: GITHUB_WORKFLOW_REF ? `${GITHUB_SERVER_URL}/${GITHUB_WORKFLOW_REF}` : "urn:docket:ops-publish",
      },
      metadata: {
        ...(run && { invocationId: run }),
        startedOn: began.toISOString(),
        finishedOn: ended.toISOString(),
      },
    },
  }
}
