import { afterAll } from "bun:test"
import { cp, mkdtemp, rm, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { bundleServiceWorker, filesIn } from "../../ops/bundle-worker.ts"
import { ROOT } from "../../server/testing/repository.ts"

const HASHED = /-([\w-]{8})(?=\.(?:js|css)$)/
const COMPRESSED = /\.(br|gz|zst)$/

/**
 * The build as another release of it: the same server and page, of which no part has the name that it had. Returns its
 * folder, for `Docket.start`. `<html data-release>` tells its page.
 */
export async function otherRelease(release: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "docket-release-"))
  afterAll(() => rm(root, { recursive: true, force: true }))
  const page = join(root, "dist/page")
  await symlink(join(ROOT, "migrations"), join(root, "migrations"))
  for (const part of ["server", "reference"])
    await cp(join(ROOT, "dist", part), join(root, "dist", part), { recursive: true })
  await cp(join(ROOT, "dist/page"), page, { recursive: true, filter: (path) => !COMPRESSED.test(path) })

  const files = (await filesIn(page)).filter((path) => /\.(js|css|html|json)$/.test(path))
  const renamed = new Map(
    files.flatMap((path) => {
      const [, hash] = HASHED.exec(basename(path)) ?? []
      return hash ? [[hash, `${release}${hash}`.slice(0, 8)] as const] : []
    }),
  )
  const anew = (text: string) =>
    text.replace(/-([\w-]{8})(?=\.(?:js|css)\b)/g, (name, hash) => `-${renamed.get(hash) ?? name.slice(1)}`)
  for (const path of files) {
    const text = anew(await Bun.file(path).text()).replace("<html ", `<html data-release="${release}" `)
    await rm(path)
    await Bun.write(anew(path), text)
  }
  await bundleServiceWorker(page)
  return root
}
