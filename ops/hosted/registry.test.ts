import { afterAll, beforeEach, describe, expect, test } from "bun:test"
import { readImage } from "./registry.ts"

const DIGEST = `sha256:${"a".repeat(64)}`
const LABELS = {
  "org.opencontainers.image.version": "1.2.3",
  "org.opencontainers.image.revision": "0123abc",
}

/** Path below the repository → what the registry answers there. */
let answers: Record<string, unknown>
let challenge: string | null
const asked: string[] = []

const registry = Bun.serve({
  port: 0,
  fetch(request) {
    const { pathname, search } = new URL(request.url)
    asked.push(`${pathname}${search}`)
    if (pathname === "/token") return Response.json({ token: "anyone" })
    if (challenge && request.headers.get("authorization") !== "Bearer anyone")
      return new Response("", { status: 401, headers: { "WWW-Authenticate": challenge } })
    const answer = answers[pathname.replace("/v2/owner/docket/", "")]
    return answer === undefined ? new Response("", { status: 404 }) : Response.json(answer)
  },
})
afterAll(() => registry.stop(true))
const image = `127.0.0.1:${registry.port}/owner/docket`

beforeEach(() => {
  asked.length = 0
  challenge = null
  answers = {
    [`manifests/${DIGEST}`]: {
      manifests: [
        { digest: "sha256:arm", platform: { os: "linux", architecture: "arm64" } },
        { digest: "sha256:amd", platform: { os: "linux", architecture: "amd64" } },
      ],
    },
    "manifests/sha256:amd": { config: { digest: "sha256:config" } },
    "blobs/sha256:config": { os: "linux", architecture: "amd64", config: { Labels: LABELS } },
  }
})

describe("an image's facts", () => {
  const facts = { version: "1.2.3", commit: "0123abc" }

  test("are those of what Spaces run on, among several", async () => {
    expect(await readImage(image, DIGEST)).toEqual(facts)
  })

  test("are read by the token that anyone gets", async () => {
    challenge = `Bearer realm="http://127.0.0.1:${registry.port}/token",service="registry",scope="repository:owner/docket:pull"`
    expect(await readImage(image, DIGEST)).toEqual(facts)
    expect(asked).toContain("/token?service=registry&scope=repository%3Aowner%2Fdocket%3Apull")
  })

  test("are unknown where it carries no labels", async () => {
    answers[`manifests/${DIGEST}`] = { config: { digest: "sha256:config" } }
    answers["blobs/sha256:config"] = { os: "linux", architecture: "amd64", config: { Labels: null } }
    expect(await readImage(image, DIGEST)).toEqual({ version: "unknown", commit: "unknown" })
  })
})

describe("refused is", () => {
  const refusal = () => readImage(image, DIGEST).catch(({ code, message }) => `${code} ${message}`)

  test("a digest that the registry does not have", async () => {
    answers = {}
    expect(await refusal()).toBe(`2 The registry has no ${image} with that digest.`)
  })

  test("an image for another architecture", async () => {
    answers[`manifests/${DIGEST}`] = { config: { digest: "sha256:config" } }
    answers["blobs/sha256:config"] = { os: "linux", architecture: "arm64" }
    expect(await refusal()).toBe(
      `2 ${image}@${DIGEST} was built for linux/arm64, and Spaces run linux/amd64.`,
    )
    answers[`manifests/${DIGEST}`] = {
      manifests: [{ digest: "sha256:arm", platform: { os: "linux", architecture: "arm64" } }],
    }
    expect(await refusal()).toContain("was built for linux/arm64")
  })

  test("an image that is not public, which the Space could not pull", async () => {
    challenge = `Basic realm="registry"`
    expect(await refusal()).toContain("is not public")
  })

  test("a registry that is away", async () => {
    expect(await readImage("127.0.0.1:1/owner/docket", DIGEST).catch(({ message }) => message)).toBe(
      "The registry at 127.0.0.1:1 does not answer. Nothing was changed.",
    )
  })
})
