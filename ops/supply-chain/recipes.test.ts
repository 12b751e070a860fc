import { afterAll, beforeAll, expect, test } from "bun:test"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { type Companion, companionRecipe, serverRecipe } from "./recipes.ts"
import { committedSources, type Sources } from "./sources.ts"

let sources: Sources
beforeAll(async () => {
  sources = await committedSources()
})
afterAll(() => sources[Symbol.asyncDispose]())

const REPOSITORY = "ghcr.io/owner/docket"
const digests = { tools: `sha256:${"a".repeat(64)}`, database: `sha256:${"b".repeat(64)}` }

/** Laid out in a place of its own each time. */
async function recipeOf(name: Companion, variables: Record<string, string> = {}) {
  const before = { ...process.env }
  await using another = await committedSources()
  try {
    Object.assign(process.env, variables)
    const recipe = await companionRecipe(REPOSITORY, another, name)
    return { recipe, files: (await readdir(recipe.folder, { recursive: true })).sort() }
  } finally {
    for (const variable of Object.keys(variables)) {
      if (before[variable] === undefined) delete process.env[variable]
      else process.env[variable] = before[variable]
    }
  }
}

test("the builder of the database's image sees what its Dockerfile copies, and nothing else", async () => {
  const { recipe, files } = await recipeOf("database")
  const text = await Bun.file(join(sources.folder, "ops/database/Dockerfile")).text()
  const copied = [...text.matchAll(/^COPY (?:--\S+ )*(.+) \S+$/gm)].flatMap(([, names]) => names!.split(" "))
  expect(files).toEqual(["Dockerfile", ...copied].sort())
  expect(recipe.tag).toStartWith("ghcr.io/owner/docket-database:")
})

test("the builder of the tools sees no test and no page, and all that their Dockerfile asks for", async () => {
  const { files } = await recipeOf("tools")
  expect(files).toContain("bun.lock")
  expect(files).toContain("ops/cli.ts")
  expect(files).toContain("ops/patches")
  expect(files.filter((file) => /\.test\.ts|^client|^server\/testing|^ops\/test-/.test(file))).toEqual([])
})

test("the same files and bases are the same image, whatever the commit; another base is another", async () => {
  const first = await recipeOf("tools", { BUN_IMAGE: "one" })
  const again = await recipeOf("tools", { BUN_IMAGE: "one" })
  const other = await recipeOf("tools", { BUN_IMAGE: "two" })
  expect(again.recipe.tag).toBe(first.recipe.tag)
  expect(other.recipe.tag).not.toBe(first.recipe.tag)
  expect(first.recipe.marks).toEqual(["org.docket.inputs"])
})

test("the server's labels name the others, and another of them is another server's image", () => {
  const { tag, labels, marks } = serverRecipe(REPOSITORY, sources, digests)
  expect(tag).toBe(`${REPOSITORY}:${sources.commit}`)
  expect(labels).toMatchObject({ "org.docket.tools": digests.tools, "org.docket.database": digests.database })
  expect(marks).toContain("org.docket.tools")
})
