import { checkBeforeSetup } from "./host/before.ts"
import { checkEffect } from "./host/effect.ts"
import { buildFreshHost, removeFreshHost, startFreshHost } from "./host/fresh-host.ts"
import { checkLockout } from "./host/lockout.ts"
import { checkTooOld } from "./host/too-old.ts"
import type { Site } from "./site.ts"

/**
 * `setup-host` over real SSH on a fresh Debian 13 with systemd, and what it made of it seen from inside and outside.
 * Not shown here: a kernel of its own (the clock is the container's host's), and Docker's own repository.
 */
export async function checkHost({ address, images: { bun } }: Pick<Site, "address" | "images">) {
  await checkTooOld(await buildFreshHost(bun, "own"), address)
  const host = await startFreshHost(await buildFreshHost(bun, "13"), address)
  try {
    await checkBeforeSetup(host)
    await checkLockout(host, bun)
    await checkEffect(host, bun)
  } finally {
    await removeFreshHost(host)
  }
}
