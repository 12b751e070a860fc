import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { HostedEnvironment } from "../environments/hosted.ts"
import type { SmokeReport } from "../smoke/report.ts"
import { deployHosted, type HostedOptions, releasesHosted, rollbackHosted } from "./deploy.ts"
import { FakeHub } from "./fake-hub.ts"
import { openSpace } from "./space.ts"
import { statusHosted } from "./status.ts"

const environment: HostedEnvironment = {
  kind: "hosted",
  name: "hosted",
  path: "hosted.toml",
  space: "owner/docket",
  image: "ghcr.io/owner/docket",
  frontend: "https://docket.example.org",
}
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`
/** Digest → its newest migration, and the oldest release that works after it. */
const SCHEMAS: Record<string, { schema: number; serves: number }> = {
  [digestOf("a")]: { schema: 4, serves: 1 },
  [digestOf("b")]: { schema: 5, serves: 1 },
  [digestOf("c")]: { schema: 6, serves: 5 },
}

let hub: FakeHub
let options: HostedOptions
let smoke: Pick<SmokeReport, "checks">[]

const check = (ok: boolean) => ({
  checks: [{ name: "page", ok, detail: ok ? "it is there" : "it is blank", milliseconds: 1 }],
})

beforeEach(async () => {
  hub = new FakeHub()
  await hub.create()
  smoke = []
  options = {
    by: "ada@laptop",
    smoke: async () => smoke.shift() ?? check(true),
    outside: {
      token: hub.token,
      remote: `${hub.url}/owner/docket.git`,
      api: hub.url,
      hub: hub.url,
      facts: async (_, digest) => ({ version: `1.${digest.at(-1)}`, commit: "0123abc", ...SCHEMAS[digest] }),
      patience: 5,
      pause: 0.05,
    },
  }
})
afterEach(() => hub.stop())

const deploy = (letter: string) => deployHosted(environment, digestOf(letter), options)
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: 0, message: "done" }),
    ({ code, message }) => ({ code, message }),
  )

describe("a deploy", () => {
  test("is a push of the image by its digest, and of its record", async () => {
    const { release } = await deploy("a")
    expect(await hub.show("Dockerfile")).toEndWith(`FROM ghcr.io/owner/docket@${digestOf("a")}`)
    const readme = await hub.show("README.md")
    expect(readme).toMatch(/^---\n[\s\S]*\nsdk: docker\napp_port: 8000\n[\s\S]*\n---\n/)
    expect(readme).not.toContain("{{")
    expect(release).toMatchObject({ number: 1, digest: digestOf("a"), by: "ada@laptop", good: true })
    expect(await releasesHosted(environment, options.outside)).toEqual([
      {
        number: 1,
        digest: digestOf("a"),
        version: "1.a",
        commit: "0123abc",
        schema: 4,
        serves: 1,
        by: "ada@laptop",
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        why: "deploy",
        good: true,
      },
    ])
  })

  test("keeps what else is in the Space, and takes no other commit for a release", async () => {
    const space = await openSpace("owner/docket", { token: hub.token, remote: hub.remote })
    await space.publish("ghcr.io/owner/docket", {
      ...SCHEMAS[digestOf("a")]!,
      digest: "none",
      version: "",
      commit: "",
      by: "",
      why: "x",
    })
    space.close()
    await deploy("b")
    expect((await releasesHosted(environment, options.outside)).map(({ number }) => number)).toEqual([1])
  })

  test("gives the token to the Hub alone, and leaves it nowhere", async () => {
    await deploy("a")
    expect(hub.seen.join("\n")).not.toContain(hub.token)
    const space = await openSpace("owner/docket", { token: hub.token, remote: options.outside!.remote! })
    const folder = (space as unknown as { folder: string }).folder
    expect(await Bun.file(`${folder}/.git/config`).text()).not.toMatch(/hf_|Basic/)
    space.close()
  })

  test("of a tag, or without a token, or with one that is refused, changes nothing", async () => {
    expect(await refusalOf(deployHosted(environment, "v1.2.3", options))).toMatchObject({
      code: 2,
      message: expect.stringContaining('"v1.2.3" is no digest'),
    })
    const without = { ...options, outside: { ...options.outside, token: undefined } }
    expect(await refusalOf(deployHosted(environment, digestOf("a"), without))).toMatchObject({
      code: 3,
      message: expect.stringContaining("HF_TOKEN is not set"),
    })
    const wrong = { ...options, outside: { ...options.outside, token: "hf_wrong" } }
    const refused = await refusalOf(deployHosted(environment, digestOf("a"), wrong))
    expect(refused.code).toBe(3)
    expect(refused.message).toContain("refuses HF_TOKEN")
    expect(refused.message).not.toContain("hf_wrong")
    expect(await releasesHosted(environment, options.outside)).toEqual([])
  })

  test("to a Space that is not there says so", async () => {
    const nowhere = { ...options, outside: { ...options.outside, remote: `${hub.folder}/owner/other.git` } }
    expect(await refusalOf(deployHosted(environment, digestOf("a"), nowhere))).toMatchObject({
      code: 2,
      message: expect.stringContaining("There is no Space owner/docket"),
    })
  })

  test("that another one overtook is refused, and changes nothing", async () => {
    await deploy("a")
    const smoke = async () => {
      await deploy("b")
      return check(true)
    }
    const meanwhile = { ...options, smoke }
    const { code, message } = await refusalOf(deployHosted(environment, digestOf("c"), meanwhile))
    expect({ code, message }).toEqual({ code: 3, message: expect.stringContaining("Someone else published") })
    expect((await releasesHosted(environment, options.outside)).map(({ digest }) => digest)).toEqual([
      digestOf("a"),
      digestOf("b"),
    ])
  })

  test("that is only tried changes nothing", async () => {
    expect(await deployHosted(environment, digestOf("a"), { ...options, dryRun: true })).toMatchObject({
      published: false,
      release: { number: 1 },
    })
    expect(await releasesHosted(environment, options.outside)).toEqual([])
  })
})

describe("a bad release is taken back", () => {
  beforeEach(async () => {
    await deploy("a")
  })

  test("when it is worse than before", async () => {
    smoke = [check(true), check(false)]
    const { code, message } = await refusalOf(deploy("b"))
    expect(code).toBe(4)
    expect(message).toContain("page (it is blank)")
    expect(message).toContain(`Release 1 runs again (${digestOf("a")})`)
    expect(await hub.show("Dockerfile")).toEndWith(digestOf("a"))
    const releases = await releasesHosted(environment, options.outside)
    expect(releases.map(({ why, good }) => `${why} ${good}`)).toEqual([
      "deploy true",
      "deploy false",
      "put back 1 true",
    ])
  })

  test("but not for what was wrong already", async () => {
    smoke = [check(false), check(false)]
    expect(await refusalOf(deploy("b"))).toMatchObject({ code: 0 })
  })

  test("when Hugging Face gives it up, without waiting on", async () => {
    let pushes = 0
    hub.onPush = () => {
      pushes += 1
      if (pushes > 1) return hub.restart()
      hub.stage = "BUILDING"
      setTimeout(() => {
        hub.stage = "RUNTIME_ERROR"
      }, 200)
    }
    expect(await refusalOf(deploy("b"))).toMatchObject({
      code: 4,
      message: expect.stringContaining("Hugging Face says RUNTIME_ERROR"),
    })
  })

  test("when it never starts, and a person is called when nothing does", async () => {
    hub.onPush = () => {}
    options.outside!.patience = 0.3
    const { code, message } = await refusalOf(deploy("b"))
    expect(code).toBe(5)
    expect(message).toContain("Release 1 was put back, and does not run either")
  })

  test("unless the release before does not work on the database any more", async () => {
    smoke = [check(true), check(false)]
    const { code, message } = await refusalOf(deploy("c"))
    expect({ code, message }).toEqual({
      code: 5,
      message: expect.stringContaining("No earlier release is on record"),
    })
    expect(await hub.show("Dockerfile")).toEndWith(digestOf("c"))
  })
})

describe("a rollback", () => {
  test("publishes the good release before, or one by its number", async () => {
    for (const letter of ["a", "b"]) await deploy(letter)
    expect((await rollbackHosted(environment, undefined, options)).release).toMatchObject({
      number: 3,
      digest: digestOf("a"),
      version: "1.a",
      why: "rollback to 1",
    })
    expect((await rollbackHosted(environment, 2, options)).release).toMatchObject({
      number: 4,
      digest: digestOf("b"),
    })
    expect(await hub.show("Dockerfile")).toEndWith(digestOf("b"))
  })

  test("to what does not serve the database any more is refused, with what does", async () => {
    for (const letter of ["a", "b", "c"]) await deploy(letter)
    expect(await refusalOf(rollbackHosted(environment, 1, options))).toEqual({
      code: 3,
      message:
        "Release 1 does not work on the database as newer ones have migrated it. These work: 3 (1.c), 2 (1.b).",
    })
    expect(await refusalOf(rollbackHosted(environment, 9, options))).toMatchObject({ code: 2 })
  })

  test("to what never passed is refused, and so is one with nothing before it", async () => {
    await deploy("a")
    smoke = [check(true), check(false)]
    await refusalOf(deploy("b"))
    expect(await refusalOf(rollbackHosted(environment, 2, options))).toMatchObject({
      code: 3,
      message: expect.stringContaining("never passed"),
    })
    expect(await refusalOf(rollbackHosted(environment, undefined, options))).toMatchObject({
      code: 3,
      message: expect.stringContaining("no earlier release"),
    })
  })
})

test("the status is what the Hub says, what answers, and what was published last", async () => {
  expect(await statusHosted(environment, options.outside)).toEqual({
    stage: "RUNNING",
    running: null,
    release: null,
  })
  await deploy("a")
  expect(await statusHosted(environment, options.outside)).toMatchObject({
    stage: "RUNNING",
    running: { version: "1.2.3", status: "healthy" },
    release: { number: 1, good: true },
  })
})
