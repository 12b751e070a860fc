import { expect, test } from "bun:test"
import { join } from "node:path"
import { $ } from "bun"
import renovate from "../renovate.json"

const repository = join(import.meta.dir, "..")
const files = (await $`git ls-files --cached --others --exclude-standard`.cwd(repository).text())
  .split("\n")
  .filter((path) => path && !path.endsWith(".test.ts"))

type Manager = (typeof renovate.customManagers)[number]

/** What a manager would keep current: `file: name version`. */
async function found({ managerFilePatterns, matchStrings, ...manager }: Manager): Promise<string[]> {
  const patterns = managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)))
  const matching = files.filter((file) => patterns.some((pattern) => pattern.test(file)))
  const texts = await Promise.all(
    matching.map(async (file) => [file, await Bun.file(join(repository, file)).text()] as const),
  )
  return texts.flatMap(([file, text]) =>
    matchStrings.flatMap((expression) =>
      [...text.matchAll(new RegExp(expression, "g"))].map(({ groups }) => {
        const name = "depNameTemplate" in manager ? manager.depNameTemplate : groups!.depName
        return `${file}: ${name} ${groups!.currentValue}`
      }),
    ),
  )
}

test("each manager finds what it is to keep current", async () => {
  for (const manager of renovate.customManagers)
    expect(await found(manager), JSON.stringify(manager.matchStrings)).not.toBeEmpty()
})

test("no image of ours is kept current by nobody", async () => {
  const kept = (await Promise.all(renovate.customManagers.map(found))).flat()
  const named = await $`git grep -ohE ${'"(oven/bun|postgres|traefik|haproxy|registry):[^"$/]+"'} -- ops/*.ts`
    .cwd(repository)
    .nothrow()
    .text()
  const images = named.split("\n").filter((line) => line && !line.includes(".test.ts"))
  expect(images.length).toBeGreaterThan(0)
  for (const image of images) {
    const [name, version] = image.replaceAll('"', "").split("@")[0]!.split(":")
    expect(
      kept.some((entry) => entry.endsWith(`: ${name} ${version}`)),
      image,
    ).toBe(true)
  }
})
