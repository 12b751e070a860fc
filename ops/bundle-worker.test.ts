import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundleServiceWorker } from "./bundle-worker.ts"

const folder = mkdtempSync(join(tmpdir(), "docket-worker-"))
afterAll(() => rmSync(folder, { recursive: true }))

async function bundled(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) await Bun.write(join(folder, path), text)
  await bundleServiceWorker(folder)
  return Bun.file(join(folder, "service-worker.js")).text()
}

test("the service worker knows the page's files by their hashes, but neither itself nor what is hidden", async () => {
  const script = await bundled({ "index.html": "a", "assets/start.js": "b", ".vite/manifest.json": "{}" })
  expect(script.match(/"\/[^"]*":"sha256-[^"]*"/g)).toEqual([
    '"/assets/start.js":"sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0="',
    '"/index.html":"sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="',
  ])
})

test("the same build is the same worker, and any change makes another", async () => {
  const files = { "index.html": "a", "assets/start.js": "b", ".vite/manifest.json": "{}" }
  const first = await bundled(files)
  expect(await bundled(files)).toBe(first)
  const version = (script: string) => /"docket-page-"\+"(\w+)"|docket-page-(\w{16})/.exec(script)?.[0]
  const second = await bundled({ ...files, "index.html": "c" })
  expect(version(first)).toBeTruthy()
  expect(version(second)).not.toBe(version(first))
})

test("the service worker knows what a first screen loads that the document does not name, in each language", async () => {
  const language = (name: string) => [
    `src/i18n/first-screen/${name}.ts`,
    { file: `assets/${name}.js`, name, imports: ["_start.js"] },
  ]
  const manifest = {
    "_start.js": { file: "assets/start.js", css: ["assets/start.css"] },
    "_signed-in.js": {
      file: "assets/in.js",
      name: "signed-in",
      imports: ["_start.js"],
      css: ["assets/in.css"],
    },
    ...Object.fromEntries([language("fr"), language("zh-CN")]),
  }
  const html = '<script type="module" src="/assets/start.js"></script><link href="/assets/start.css">'
  const script = await bundled({ "index.html": html, ".vite/manifest.json": JSON.stringify(manifest) })
  expect(script).toContain('fr:["/assets/in.js","/assets/in.css","/assets/fr.js"]')
  expect(script).toContain('"zh-CN":["/assets/in.js","/assets/in.css","/assets/zh-CN.js"]')
})
