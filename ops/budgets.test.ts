import { expect, test } from "bun:test"
import { initialFiles } from "./budgets.ts"

test("what the first view waits for is the entry, its static imports and their styles, each once", () => {
  expect(
    initialFiles({
      "index.html": {
        file: "index.js",
        isEntry: true,
        imports: ["_solid.js", "_sync.js"],
        css: ["index.css"],
      },
      "_solid.js": { file: "solid.js" },
      "_sync.js": { file: "sync.js", imports: ["_solid.js"], css: ["sync.css"] },
      "settings.tsx": { file: "settings.js", imports: ["_solid.js"] },
    }),
  ).toEqual(["index.js", "index.css", "solid.js", "sync.js", "sync.css"])
})
