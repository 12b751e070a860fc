import { expect, test } from "bun:test"
import { basename } from "node:path"

const source = `${import.meta.dir}/..`
const files = [...new Bun.Glob("**/*.css").scanSync(source)].filter((file) => !file.startsWith("styles/"))

/** "TodoItem" or "drag-order" as the classes of its file begin: "todo-item", "drag". */
const kebab = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase()

test.each(files)("%s defines only classes of its own name", async (file) => {
  const css = (await Bun.file(`${source}/${file}`).text()).replace(/\/\*[\s\S]*?\*\//g, "")
  const own = kebab(basename(file, ".css"))
  // What a rule is about is its last compound; ancestors and what `:has()` looks for may be others'.
  const subjects = [...css.matchAll(/([^{};]+)\{/g)]
    .flatMap(([, selector]) => selector!.split(","))
    .map(
      (part) =>
        part
          .trim()
          .split(/[\s>+~]+/)
          .at(-1)!,
    )
  const foreign = subjects
    .flatMap((subject) => subject.match(/^\.[\w-]+/) ?? [])
    .filter((name) => !name.startsWith(`.${own}`))
  expect(foreign).toEqual([])
})

test.each(files)("%s writes its rules into a layer", async (file) => {
  const css = (await Bun.file(`${source}/${file}`).text()).trim()
  expect(css).toMatch(/^(\/\*[\s\S]*?\*\/\s*)?@layer (ui|shell|features) \{/)
})
