/**
 * `bun run build`: the page in dist/page, the API reference's script in dist/reference, the server's bundle in
 * dist/server. Static files are stored compressed beside themselves, so that the server only picks one.
 */
import { cp, mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, constants, gzip, zstdCompress } from "node:zlib"
import { build } from "vite"
import { bundleServiceWorker, filesIn } from "./bundle-worker.ts"

const root = join(import.meta.dir, "..")
const dist = join(root, "dist")
const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest|txt)$/
/** A smaller file fits into the packet that carries it anyway. */
const LEAST_BYTES = 1_000

await rm(dist, { recursive: true, force: true })
await buildPage()
await copyReference()
await bundleServer()

async function buildPage() {
  await build({ configFile: join(root, "client/vite.config.ts"), mode: "production", logLevel: "warn" })
  await bundleServiceWorker(join(dist, "page"))
  await compressFolder(join(dist, "page"), { brotliQuality: 11 })
}

/** One script of four megabytes for the few who read the reference: the last percents are not worth the wait. */
async function copyReference() {
  const folder = join(dist, "reference")
  await mkdir(folder, { recursive: true })
  await cp(
    join(root, "node_modules/@scalar/api-reference/dist/browser/standalone.js"),
    join(folder, "standalone.js"),
  )
  await compressFolder(folder, { brotliQuality: 6 })
}

/** Not minified: Elysia generates code from the text of handlers, and stack traces stay readable. */
async function bundleServer() {
  const result = await Bun.build({
    entrypoints: [
      "server/main.ts",
      "ops/migrate.ts",
      "ops/reset-link.ts",
      "ops/smoke-account.ts",
      "ops/examine.ts",
      "ops/settle-restored.ts",
    ].map((name) => join(root, name)),
    outdir: join(dist, "server"),
    naming: { entry: "[name].js", chunk: "chunk-[hash].js" },
    target: "bun",
    splitting: true,
    define: { "process.env.NODE_ENV": '"production"' },
  })
  for (const { path, size } of result.outputs)
    console.log(`${path.slice(root.length + 1)}  ${kilobytes(size)}`)
}

async function compressFolder(folder: string, { brotliQuality }: { brotliQuality: number }) {
  const compressible = (await filesIn(folder)).filter((path) => COMPRESSIBLE.test(path))
  await Promise.all(compressible.map((path) => compressFile(path, brotliQuality)))
}

async function compressFile(path: string, brotliQuality: number) {
  const content = await Bun.file(path).bytes()
  if (content.length < LEAST_BYTES) return
  const variants = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } }),
    promisify(zstdCompress)(content, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
    promisify(gzip)(content, { level: 9 }),
  ])
  for (const [index, suffix] of [".br", ".zst", ".gz"].entries()) {
    const variant = variants[index]!
    if (variant.length < content.length) await Bun.write(path + suffix, variant)
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`
}
