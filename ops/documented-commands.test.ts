import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { Glob } from "bun"
import type { ArgsDef, Resolvable } from "citty"
import { allVariables } from "../server/variables.ts"
import { commands, refuseStrangers } from "./commands.ts"
import { secretNames } from "./swarm/secrets.ts"

const REPOSITORY = join(import.meta.dir, "..")

/** A line of a page that somebody will type or read as a command. */
type Line = { page: string; words: string[]; whole: boolean }

const pages = await Promise.all(
  [
    ...new Glob("{README,CONTRIBUTING,SECURITY}.md").scanSync(REPOSITORY),
    ...new Glob("docs/**/*.md").scanSync(REPOSITORY),
  ]
    .sort()
    .map(async (page) => ({ page, text: await Bun.file(join(REPOSITORY, page)).text() })),
)

/** Of a shell: the whole command. In a sentence: perhaps its beginning alone. */
function linesOf({ page, text }: { page: string; text: string }): Line[] {
  const shells = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, script]) => script!.split("\n"))
  const sentences = [...text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/`([^`\n]+)`/g)].map(
    ([, code]) => code!,
  )
  const begun = (line: string) => /(?:^|\s)(?:bun run )?ops ([a-z].*)$/.exec(line.replace(/\s#.*$/, ""))?.[1]
  const words = (command: string) => command.trim().split(/\s+/)
  const found = (lines: string[], whole: boolean) =>
    lines.flatMap((line) => {
      const command = begun(line)
      return command ? [{ page, words: words(command), whole }] : []
    })
  return [...found(shells, true), ...found(sentences, false)]
}

const lines = pages.flatMap(linesOf)
const argumentsOf = async (name: string) =>
  (await ((
    await commands[name]!()
  ).default.args as Resolvable<ArgsDef>)) as ArgsDef

describe("a command that a page shows", () => {
  test("is one that there is, with options that it has", async () => {
    expect(lines.length).toBeGreaterThan(150)
    for (const { page, words } of lines) {
      const [name = "", ...rest] = words
      expect(Object.keys(commands), `${page}: ops ${words.join(" ")}`).toContain(name)
      const known = await argumentsOf(name)
      expect(() => refuseStrangers(name, known, rest), `${page}: ops ${words.join(" ")}`).not.toThrow()
    }
  })

  test("has all that it wants, where it is to be typed", async () => {
    for (const { page, words, whole } of lines) {
      const [name = "", ...rest] = words
      const known = await argumentsOf(name)
      if (!whole) continue
      const given = rest.filter((word, index) => !word.startsWith("-") && !takesNext(known, rest[index - 1]))
      const positional = Object.entries(known).filter(([, { type }]) => type === "positional")
      const required = positional.filter(([, { required }]) => required !== false)
      expect(given.length, `${page}: ops ${words.join(" ")}`).toBeGreaterThanOrEqual(required.length)
    }
  })

  test("names secrets that there are", () => {
    const named = lines.filter(({ words }) => words[0] === "secrets" && /^(set|rotate)$/.test(words[2] ?? ""))
    expect(named.length).toBeGreaterThan(10)
    for (const { page, words } of named)
      if (words[3])
        expect(secretNames as readonly string[], `${page}: ${words.join(" ")}`).toContain(words[3])
  })
})

/** Whether `option` is followed by its value as a word of its own. */
function takesNext(known: ArgsDef, option: string | undefined): boolean {
  if (!option?.startsWith("--") || option.includes("=")) return false
  return known[option.slice(2)]?.type !== "boolean"
}

test("the examples of each command are such that it takes", async () => {
  for (const [name, load] of Object.entries(commands)) {
    const { examples } = (await load()).default
    for (const example of examples) {
      const [, of, rest = ""] = /^(?:[A-Z_]+=\S+ )*bun run ops ([a-z-]+) ?([^#]*)/.exec(example) ?? []
      expect(of, example).toBe(name)
      refuseStrangers(name, await argumentsOf(name), rest.trim().split(/\s+/).filter(Boolean))
    }
  }
})

test("each variable that an operator's page names is read somewhere", async () => {
  const sources = ["ops", "server", "client/src"]
    .flatMap((folder) => [...new Glob(`${folder}/**/*.{ts,tsx,yml,sh,js}`).scanSync(REPOSITORY)])
    .filter((file) => !file.endsWith(".test.ts"))
  const texts = await Promise.all(
    [
      ...sources,
      "Dockerfile",
      "ops/backup/Dockerfile",
      "ops/database/Dockerfile",
      "ops/huggingface/Dockerfile",
    ].map((file) => Bun.file(join(REPOSITORY, file)).text()),
  )
  const workflows = [...new Glob(".github/workflows/*.yml").scanSync({ cwd: REPOSITORY, dot: true })]
  for (const file of workflows) texts.push(await Bun.file(join(REPOSITORY, file)).text())
  const known = new Set([
    ...texts.join("\n").match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)!,
    ...allVariables.map(([name]) => name),
  ])
  for (const { page, text } of pages.filter(({ page }) => page.startsWith("docs/operations/"))) {
    const named = text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []
    const unread = [...new Set(named)].filter(
      (name) => ![name, `${name}_FILE`, name.replace(/_FILE$/, "")].some((form) => known.has(form)),
    )
    expect(unread, page).toEqual([])
  }
})
