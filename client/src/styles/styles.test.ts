import { expect, test } from "bun:test"
import { basename } from "node:path"

const source = `${import.meta.dir}/..`
const files = [...new Bun.Glob("**/*.css").scanSync(source)].filter((file) => !file.startsWith("styles/"))

/** "TodoItem" or "drag-order" as the classes of its file begin: "todo-item", "drag". */
const kebab = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase()

test.each(files)("%s styles only what bears its name, or stands in what does", async (file) => {
  const css = (await Bun.file(`${source}/${file}`).text()).replace(/\/\*[\s\S]*?\*\//g, "")
  const own = new RegExp(`&|\\.${kebab(basename(file, ".css"))}(?![a-z])`)
  const selectors = [...css.matchAll(/([^{};]+)\{/g)].flatMap(([, selector]) =>
    selector!.split(/,(?![^(]*\))/),
  )
  const foreign = selectors
    .map((part) => part.trim())
    .filter((part) => part.includes(".") && !part.startsWith("@") && !own.test(part))
  expect(foreign).toEqual([])
})

test.each(files)("%s writes its rules into a layer", async (file) => {
  const css = (await Bun.file(`${source}/${file}`).text()).trim()
  expect(css).toMatch(/^(\/\*[\s\S]*?\*\/\s*)?@layer (ui|shell|features) \{/)
})
