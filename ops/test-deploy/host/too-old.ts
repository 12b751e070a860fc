import { check, expect } from "../../testing/check.ts"
import { inside, ops, removeFreshHost, setupHost, startFreshHost } from "./fresh-host.ts"

/** A distribution whose own Docker the stack cannot use. Nothing to show where the base image is newer. */
export async function checkTooOld(image: string, address: string) {
  const host = await startFreshHost(image, address)
  try {
    if ((await inside(host.name, ". /etc/os-release; echo $VERSION_ID")) !== "12") return
    await check("refuses Debian 12's own Docker as too old, before it changes anything", async () => {
      const ran = await ops(host, ...setupHost(host, `--fingerprint=${host.fingerprint}`, "--dry-run"))
      expect(ran.exitCode === 1, `it ended with ${ran.exitCode}: ${ran.output}`)
      expect(/docker\.io 20\.10.*needs 25 or newer/.test(ran.stderr), ran.stderr)
      expect((await inside(host.name, "command -v docker || echo none")) === "none", "Docker is there")
    })
  } finally {
    await removeFreshHost(host)
  }
}
