import { join } from "node:path"

/** The repository's root. */
export const ROOT = join(import.meta.dir, "../..")

/** Every TypeScript file of the project by its path from the root, with its text. */
export async function sourceFiles(): Promise<Map<string, string>> {
  const glob = new Bun.Glob("{server,client,ops}/**/*.{ts,tsx}")
  const paths = (await Array.fromAsync(glob.scan(ROOT)))
    .filter((path) => !/(^|\/)(dist|node_modules)\//.test(path))
    .sort()
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await Bun.file(join(ROOT, path)).text()] as const)),
  )
}
