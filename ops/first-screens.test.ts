import { expect, test } from "bun:test"
import { loadedFiles } from "./first-screens.ts"

const manifest = {
  "_start.js": { file: "assets/start.js", name: "start", css: ["assets/start.css"] },
  "_signed-in.js": {
    file: "assets/signed-in.js",
    name: "signed-in",
    imports: ["_start.js", "_menu.js"],
    css: ["assets/signed-in.css"],
  },
  "_menu.js": { file: "assets/menu.js", imports: ["_start.js"], css: ["assets/menu.css"] },
  "src/settings/About.tsx": { file: "assets/about.js", imports: ["_start.js"] },
  "src/i18n/first-screen/fr.ts": { file: "assets/fr.js" },
}
const html = '<script type="module" src="/assets/start.js"></script>'

test("a first screen waits for the document's scripts, its parts, their imports and styles, each once", () => {
  expect(loadedFiles(manifest, html, ["signed-in", "src/i18n/first-screen/fr.ts"])).toEqual([
    "assets/start.js",
    "assets/start.css",
    "assets/signed-in.js",
    "assets/signed-in.css",
    "assets/menu.js",
    "assets/menu.css",
    "assets/fr.js",
  ])
})

test("a build that is not as expected is a fault, not a weight of nothing", () => {
  expect(() => loadedFiles(manifest, html, ["src/accounts/Welcome.tsx"])).toThrow("no chunk")
  expect(() => loadedFiles(manifest, "", [])).toThrow("no script")
})
