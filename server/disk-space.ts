import { statfs } from "node:fs/promises"

export type DiskSpace = { low: boolean; freeBytes: number; totalBytes: number }

/** `low` below 5 % or 100 MB free of the file system that the process runs on. */
export async function diskSpace(): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(".")
  const freeBytes = bavail * bsize
  const totalBytes = blocks * bsize
  return { low: freeBytes < 100e6 || freeBytes < totalBytes * 0.05, freeBytes, totalBytes }
}
