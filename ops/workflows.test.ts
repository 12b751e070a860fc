import { describe, expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { PROGRAMS } from "./supply-chain/programs.ts"

const folder = join(import.meta.dir, "../.github/workflows")

type Step = { name?: string; uses?: string; run?: string; with?: Record<string, unknown>; env?: object }
type Concurrency = { group: string; "cancel-in-progress": unknown }
type Job = {
  uses?: string
  steps?: Step[]
  permissions?: Record<string, string>
  "timeout-minutes"?: number
  concurrency?: Concurrency
  environment?: string
  if?: string
}
type Workflow = {
  on: Record<string, unknown>
  permissions: object
  concurrency?: Concurrency
  jobs: Record<string, Job>
}

const workflows = readdirSync(folder).map((file) => {
  const text = readFileSync(join(folder, file), "utf8")
  return { file, text, workflow: Bun.YAML.parse(text) as Workflow }
})
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file}: ${name}`, file, job })),
)
const ownJobs = jobs.filter(({ job }) => !job.uses)
const steps = jobs.flatMap(({ name, file, job }) => (job.steps ?? []).map((step) => ({ name, file, step })))
const deploys = jobs.filter(({ name, job }) => job.environment || /publish|promote/.test(name))

test("there is one for each way to production, and for what is done every day", () => {
  expect(workflows.map(({ file }) => file).sort()).toEqual([
    "backup.yml",
    "ci.yml",
    "deploy-production.yml",
    "deploy-staging.yml",
    "drill.yml",
    "huggingface.yml",
    "rollback.yml",
    "status.yml",
    "vercel.yml",
  ])
})

describe("what others wrote", () => {
  test("is named by a commit, with the version that it is", () => {
    for (const { file, text } of workflows)
      for (const [line] of text.matchAll(/^.*\buses: (?!\.\/).*$/gm))
        expect(line, file).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test("is of one version wherever it is used", () => {
    const versions = Map.groupBy(
      steps.flatMap(({ step }) => step.uses ?? []),
      (uses) => uses.split("@")[0],
    )
    for (const [action, uses] of versions) expect(new Set(uses).size, action).toBe(1)
  })

  test("signs and lists in the versions that are tested", () => {
    const given = (action: string, input: string) =>
      steps.filter(({ step }) => step.uses?.startsWith(action)).map(({ step }) => step.with?.[input])
    const version = (program: string) => program.split("@")[1]
    expect(new Set(given("sigstore/cosign-installer", "cosign-release"))).toEqual(
      new Set([version(PROGRAMS.cosign)]),
    )
    expect(new Set(given("anchore/sbom-action/download-syft", "syft-version"))).toEqual(
      new Set([version(PROGRAMS.syft)]),
    )
  })
})

describe("each job", () => {
  test("may do what it says and no more", () => {
    for (const { file, workflow } of workflows) expect(workflow.permissions, file).toEqual({})
    for (const { name, job } of jobs) expect(job.permissions, name).toBeObject()
    for (const { name, job } of jobs) expect(job.permissions?.contents, name).toBe("read")
  })

  test("ends by itself", () => {
    for (const { name, job } of ownJobs) expect(job["timeout-minutes"], name).toBeWithin(1, 151)
  })

  test("leaves no credentials behind in the sources", () => {
    for (const { name, step } of steps)
      if (step.uses?.startsWith("actions/checkout@"))
        expect(step.with?.["persist-credentials"], name).toBe(false)
  })
})

describe("each step", () => {
  test("is a command of Bun's that runs on a laptop too", async () => {
    const { engines } = await Bun.file(join(import.meta.dir, "../package.json")).json()
    const version = engines.bun.replace(">=", "")
    for (const { name, step } of steps)
      if (step.run !== undefined) {
        expect(step.run.trim(), name).toStartWith(`npx -y bun@${version} `)
        expect(step.run.trim(), name).not.toMatch(/[\n;|&`]|\$\(/)
      }
  })

  test("runs a script or a file that is there", async () => {
    const { scripts } = await Bun.file(join(import.meta.dir, "../package.json")).json()
    for (const { name, step } of steps) {
      const [what = "", script = ""] = step.run?.replace(/^npx -y bun@\S+ /, "").split(" ") ?? []
      if (what === "run") expect(Object.keys(scripts), name).toContain(script)
      else if (what.endsWith(".ts"))
        expect(await Bun.file(join(import.meta.dir, "..", what)).exists(), `${name}: ${what}`).toBe(true)
    }
  })

  test("gets what others may write as a variable, never as text of the script", () => {
    for (const { name, step } of steps) expect(step.run ?? "", name).not.toContain("${{")
  })
})

describe("a deploy", () => {
  test("is ended by no other", () => {
    expect(deploys.length).toBeGreaterThanOrEqual(6)
    for (const { name, job } of deploys) {
      expect(job.concurrency?.group, name).toBeString()
      expect(job.concurrency?.["cancel-in-progress"], name).toBe(false)
    }
    for (const { file, workflow } of workflows)
      if (file !== "ci.yml") expect(workflow.concurrency, file).toBeUndefined()
  })

  test("and a rollback of one environment wait for each other", () => {
    const groups = deploys.map(({ job }) => job.concurrency?.group)
    for (const environment of ["staging", "production", "hosted"])
      expect(groups).toContain(`deploy-${environment}`)
    expect(groups).toContain(`deploy-$\{{ inputs.environment }}`)
  })

  test("runs until its own patience is over, not the job's", () => {
    for (const { name, job } of deploys)
      if (job.environment) expect(job["timeout-minutes"], name).toBeGreaterThanOrEqual(15)
  })
})

describe("a pull request from a fork", () => {
  test("sees no secret: nothing runs with this repository's rights on what it brings", () => {
    for (const { file, workflow } of workflows)
      for (const event of ["pull_request_target", "workflow_run", "issue_comment"])
        expect(Object.keys(workflow.on), file).not.toContain(event)
  })

  test("meets no job that has one", () => {
    for (const { file, text, workflow } of workflows)
      if ("pull_request" in workflow.on && text.includes("secrets."))
        for (const [name, job] of Object.entries(workflow.jobs))
          expect(job.if, `${file}: ${name}`).toContain(
            "github.event.pull_request.head.repo.full_name == github.repository",
          )
  })
})
