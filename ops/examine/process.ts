import { access, constants, readFile, statfs } from "node:fs/promises"

/** What a process of the image finds around itself. */
export type ProcessFacts = {
  /** Its clock, ISO 8601. */
  now: string
  user: number | null
  /** Of the file system that the node keeps its containers on. */
  disk: { freeBytes: number; totalBytes: number }
  writableRoot: boolean
  /** Hexadecimal, as in /proc; "0" is none. Null where there is no /proc. */
  capabilities: string | null
  noNewPrivileges: boolean | null
  openFiles: number | null
}

export async function processFacts(): Promise<ProcessFacts> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "")
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "")
  const { bavail, blocks, bsize } = await statfs("/")
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(status)?.[1]
  const openFiles = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  const noNewPrivileges = field("NoNewPrivs")
  return {
    now: new Date().toISOString(),
    user: process.getuid?.() ?? null,
    disk: { freeBytes: bavail * bsize, totalBytes: blocks * bsize },
    writableRoot: await access("/", constants.W_OK).then(
      () => true,
      () => false,
    ),
    capabilities: field("CapBnd")?.replace(/^0+(?=.)/, "") ?? null,
    noNewPrivileges: noNewPrivileges === undefined ? null : noNewPrivileges === "1",
    openFiles: openFiles === undefined ? null : Number(openFiles),
  }
}
