import { Database as Sqlite } from "bun:sqlite"
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { freePort } from "../free-port.ts"
import { CannotEmbed, type Home, prepareHome } from "./embedded-home.ts"
import { endWithParent } from "./end-with-parent.ts"
import { findProcess } from "./processes.ts"

const MAJOR = "18"

export type EmbeddedDatabase = {
  /** The connection URL of a database, which need not exist yet. */
  url: (database: string) => string
  /** Holds the data, and what belongs with them. */
  folder: string
  /** Whether `folder` is outside the checkout, which PostgreSQL's user cannot enter. */
  moved: boolean
  stop: () => Promise<void>
}

/** Another process has the database of this folder open. */
export class InUse extends CannotEmbed {
  constructor(
    readonly process: string,
    folder: string,
  ) {
    super(`Process ${process} already runs the database in ${folder}: use that one, or end it first.`)
  }
}

/**
 * Starts PostgreSQL 18 on a free loopback port with its data in `.data/NAME`, making the cluster on first use.
 * It ends with this process, however that ends. Throws `CannotEmbed` with a sentence that says what to do.
 *
 * @param disposable for data that may be lost when the machine stops: nothing waits for the disk.
 */
export async function startEmbedded(
  name: string,
  { checkout = join(import.meta.dir, "../.."), disposable = false } = {},
): Promise<EmbeddedDatabase> {
  const home = prepareHome(checkout, name)
  const release = lock(home.folder)
  try {
    refuseOtherMajor(home.folder)
    await endLeftover(home.folder)
    if (!existsSync(join(home.folder, "postgresql"))) createCluster(home)
    const { port, child } = await start(home, disposable)
    const password = readFileSync(join(home.folder, "password"), "utf8")
    return {
      url: (database) => `postgres://docket:${password}@127.0.0.1:${port}/${database}`,
      folder: home.folder,
      moved: home.moved,
      stop: async () => {
        child.kill("SIGINT")
        await child.exited
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/** Kept, because one that is collected is closed, and another process would take the data from under a running server. */
const locks = new Set<Sqlite>()

/** SQLite's file lock: the system releases it with the process, so that it cannot go stale as a pid file can. */
function lock(folder: string): () => void {
  const holder = join(folder, "holder")
  const database = new Sqlite(join(folder, "lock.sqlite"))
  try {
    database.run("begin exclusive")
  } catch {
    database.close()
    throw new InUse(existsSync(holder) ? readFileSync(holder, "utf8") : "(unknown)", folder)
  }
  writeFileSync(holder, `${process.pid}`)
  locks.add(database)
  return () => {
    locks.delete(database)
    database.close()
  }
}

function refuseOtherMajor(folder: string) {
  const data = join(folder, "postgresql")
  if (!existsSync(data)) return
  const found = readable(join(data, "PG_VERSION"))
  if (found !== MAJOR)
    throw new CannotEmbed(
      `The data in ${data} are PostgreSQL ${found}'s, and this is PostgreSQL ${MAJOR}: move that folder away to start afresh, or dump it with version ${found} first.`,
    )
}

function readable(path: string): string {
  try {
    return readFileSync(path, "utf8").trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES")
      throw new CannotEmbed(
        `${path} belongs to another user, from a start as root: start as root again, or remove it.`,
      )
    return "(unknown)"
  }
}

/** We hold the lock, so a server that still runs on the data was left behind and is ending, or has to. */
async function endLeftover(folder: string) {
  const pidFile = join(folder, "postgresql/postmaster.pid")
  const pid = existsSync(pidFile) ? Number(readable(pidFile).split("\n")[0]) : undefined
  if (!pid) return
  if (!isServerOf(pid, folder)) {
    // PostgreSQL removes the file of a dead process itself, but not when the number was given to another since.
    rmSync(pidFile)
    return
  }
  try {
    process.kill(pid, "SIGINT")
  } catch {
    throw new CannotEmbed(
      `PostgreSQL (process ${pid}) was left running in ${folder} by another user: end it, and start again.`,
    )
  }
  for (let waited = 0; isServerOf(pid, folder); waited += 50) {
    if (waited > 10_000)
      throw new CannotEmbed(
        `PostgreSQL (process ${pid}) in ${folder} does not end: run \`kill -QUIT ${pid}\`, and start again.`,
      )
    await Bun.sleep(50)
  }
}

const isServerOf = (pid: number, folder: string) =>
  findProcess(pid)?.command.includes(join(folder, "postgresql")) ?? false

/** Made beside its final name and renamed when whole, so that an interrupted start leaves no half cluster. */
function createCluster({ folder, native, identity }: Home) {
  const unfinished = join(folder, "postgresql.new")
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  const password = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url")
  writeFileSync(join(folder, "password"), password, { mode: 0o600 })
  const passwordFile = join(folder, "password.new")
  writeFileSync(passwordFile, password, { mode: 0o600 })
  for (const path of [unfinished, passwordFile])
    if (identity.uid !== undefined) chownSync(path, identity.uid, identity.gid!)
  const made = Bun.spawnSync(
    [
      join(native, "bin/initdb"),
      ...["-D", unfinished, "-U", "docket", "--auth=scram-sha-256", `--pwfile=${passwordFile}`],
      ...["--encoding=UTF8", ...locale(), "--no-sync", "--no-instructions"],
    ],
    { ...identity, ...environment, cwd: folder },
  )
  rmSync(passwordFile)
  if (made.exitCode !== 0)
    throw new CannotEmbed(
      `PostgreSQL could not make a cluster in ${folder}:\n${made.stderr.toString().trim()}`,
    )
  renameSync(unfinished, join(folder, "postgresql"))
}

/** Only Linux's C library is sure to know C.UTF-8; elsewhere PostgreSQL's own is used, which orders alike. */
const locale = () =>
  process.platform === "linux"
    ? ["--locale=C.UTF-8"]
    : ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

/** Nobody's locale or PG* variables change a cluster. (Windows starts nothing without the system's own.) */
const environment = process.platform === "win32" ? {} : { env: {} }

async function start(home: Home, disposable: boolean) {
  const logPath = join(home.folder, "postgresql.log")
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const child = launch(home, port, disposable, logPath)
    if (await isReady(home.folder, child)) return { port, child }
    const log = readFileSync(logPath, "utf8").trim()
    // Another process took the port first, or the children of a killed server still hold its memory.
    const passing = /could not bind|pre-existing shared memory/.test(log)
    if (!passing || attempt === 10)
      throw new CannotEmbed(`PostgreSQL did not start in ${home.folder}:\n${log}`)
    await Bun.sleep(300)
  }
}

function launch({ folder, native, identity }: Home, port: number, disposable: boolean, logPath: string) {
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    `port=${port}`,
    "max_connections=200",
    ...(disposable ? ["fsync=off", "synchronous_commit=off", "full_page_writes=off"] : []),
  ]
  const log = openSync(logPath, "w", 0o600)
  const child = Bun.spawn(
    [
      join(native, "bin/postgres"),
      "-D",
      join(folder, "postgresql"),
      ...settings.flatMap((setting) => ["-c", setting]),
    ],
    {
      ...identity,
      ...environment,
      cwd: folder,
      detached: true,
      stdin: "ignore",
      stdout: log,
      stderr: log,
    },
  )
  closeSync(log)
  endWithParent(child, "INT")
  return child
}

/** Resolves when the server says so in the last line of its pid file, as `pg_ctl` waits; false when it ended. */
async function isReady(folder: string, child: Bun.Subprocess): Promise<boolean> {
  const pidFile = join(folder, "postgresql/postmaster.pid")
  while (child.exitCode === null && child.signalCode === null) {
    const lines = existsSync(pidFile) ? readFileSync(pidFile, "utf8").split("\n") : []
    if (lines[0] === `${child.pid}` && lines[7]?.trim() === "ready") return true
    await Bun.sleep(10)
  }
  return false
}
