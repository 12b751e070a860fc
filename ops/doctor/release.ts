import type { Service, Task } from "../swarm/engine-types.ts"
import { lastGood, type ReleaseRecord, unfinished } from "../swarm/release-records.ts"
import { type Finding, ok, problem, warning } from "./finding.ts"

const digestOf = (image: string) => /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1]

/** Whether what runs is what is recorded as the last good release, by digest, in every replica. */
export function judgeRelease(server: Service, tasks: Task[], releases: ReleaseRecord[]): Finding[] {
  const running = [
    ...new Set(
      tasks.filter(({ Status }) => Status.State === "running").map(({ Spec }) => Spec.ContainerSpec.Image),
    ),
  ]
  const findings: Finding[] = []
  const half = unfinished(releases)
  if (half)
    findings.push(
      problem(
        "release",
        `Release ${half.number}, begun by ${half.by} at ${half.at}, was neither finished nor undone.`,
        "The next bun run ops deploy or rollback says how it stands and puts it right.",
      ),
    )
  const recorded = lastGood(releases)
  const floating = running.filter((image) => !digestOf(image))
  if (!recorded)
    findings.push(
      warning(
        "release",
        "No release is recorded, so nothing can be gone back to.",
        "Deploy by bun run ops deploy, which records what it did.",
      ),
    )
  else if (running.length === 0)
    findings.push(
      problem("release", "No task of the server runs.", "See why: bun run ops status ENVIRONMENT."),
    )
  else if (running.some((image) => digestOf(image) !== digestOf(recorded.image)))
    findings.push(
      problem(
        "release",
        `What runs (${running.map((image) => digestOf(image) ?? image).join(", ")}) is not what is recorded as release ${recorded.number} (${digestOf(recorded.image)}).`,
        "Somebody changed the service past ops: deploy the release that is wanted.",
      ),
    )
  if (floating.length > 0 && findings.length === 0)
    findings.push(
      warning(
        "release",
        `${floating.join(", ")} is a tag: what runs can change with the next pull.`,
        "Deploy by digest: bun run ops deploy ENVIRONMENT REPOSITORY@sha256:…",
      ),
    )
  if (findings.length > 0) return findings
  return [
    ok(
      "release",
      `Release ${recorded!.number} runs in ${tasks.filter(({ Status }) => Status.State === "running").length} of ${replicasOf(server)} replicas: ${digestOf(recorded!.image)}.`,
    ),
  ]
}

const replicasOf = ({ Spec }: Service) => Spec.Mode.Replicated?.Replicas ?? 0
