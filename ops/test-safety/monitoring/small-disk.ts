import { mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { run } from "./programs.ts"

/** A disk of 20 MB that nobody else writes to. */
export type SmallDisk = { fill: () => Promise<void>; free: () => Promise<void>; remove: () => Promise<void> }

/**
 * ext2, so that a monitor that is told to look at that kind alone sees this disk and none of the machine's. Throws where
 * this process may not mount.
 */
export async function mountSmallDisk(folder: string): Promise<SmallDisk> {
  const [image, place] = [join(folder, "disk.img"), join(folder, "disk")]
  await run("truncate", "--size", "20M", image)
  await run("mkfs.ext2", "-q", image)
  await mkdir(place)
  await run("mount", "-o", "loop", image, place)
  return {
    // Less is left than the rule's 5 %.
    fill: async () => {
      await Bun.write(join(place, "much"), new Uint8Array(18_500_000))
    },
    free: () => rm(join(place, "much")),
    remove: async () => {
      await run("umount", place)
      await rm(image)
    },
  }
}
