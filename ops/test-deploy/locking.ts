import { generateSecrets } from "../secrets/generate.ts"
import type { Config } from "../swarm/engine-types.ts"
import { check, expect } from "../testing/check.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { checkCutOff } from "./cut-off.ts"
import { checkInterrupted } from "./interrupted.ts"
import { ops } from "./operator.ts"
import { serves } from "./outcome.ts"
import { another } from "./release-images.ts"
import { removeStack } from "./remove-stack.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"

/** One command changes a stack at a time, and what a command left half-made the next one finishes or undoes. */
export async function checkLocking(site: Site) {
  const stack = await Stack.of(site, "locking", { replicas: 1 })
  try {
    await removeStack(stack.name)
    await generateSecrets(stack.engine, stack.environment, false)
    succeeded(await ops("deploy", stack.environment.path, site.image))
    await checkLock(stack)
    await checkInterrupted(stack)
    await checkCutOff(stack)
  } finally {
    await stack.end()
  }
}

export async function checkLock(stack: Stack) {
  const { path } = stack.environment
  await check(
    "of two deploys at the same moment one is refused, and told who holds the lock since when",
    async () => {
      const images = [await another(stack.site, "one"), await another(stack.site, "two")]
      const both = await Promise.all(images.map((image) => ops("deploy", path, image)))
      const winner = both.findIndex(({ exitCode }) => exitCode === 0)
      expect(winner >= 0, both.map(({ said, told }) => `${said.message}\n${told}`).join("\n"))
      const loser = both[1 - winner]!
      const held =
        /is locked by .+@\S+ \(process \d+\), who deploys sha256:\w{12} since \d{4}-.*Nothing was changed/
      refused(loser, 3, held)
      await serves(stack, images[winner]!)
      return loser.said.message
    },
  )
  await check("a lock of another machine that is being renewed is respected", async () => {
    const id = await lockElsewhere(stack, 5)
    refused(await ops("scale", path, "1"), 3, /is locked by ann@elsewhere \(process 4242\), who deploys/)
    await stack.engine.delete(`/configs/${id}`)
  })
  await check(
    "a lock of another machine that has gone silent is taken over once its lease has ended",
    async () => {
      await lockElsewhere(stack, 35)
      const done = await ops("scale", path, "1")
      succeeded(done)
      expect(/Taking over the lock of ann@elsewhere/.test(done.told), done.told)
      expect(done.seconds > 20, `after ${done.seconds.toFixed(0)} s already`)
      expect(
        (await stack.engine.find(`/configs/${stack.name}_lock`)) === undefined,
        "the lock is still there",
      )
      return `after ${done.seconds.toFixed(0)} s more of silence`
    },
  )
}

/** The lock as a process on another machine holds it, last heard of so many seconds ago. */
async function lockElsewhere({ engine, name }: Stack, silentSeconds: number): Promise<string> {
  const at = new Date(engine.now().getTime() - silentSeconds * 1000).toISOString()
  const Labels: Config["Spec"]["Labels"] = {
    "docket.stack": name,
    "docket.holder": "ann@elsewhere",
    "docket.machine": "another machine",
    "docket.process": "4242",
    "docket.what": "deploys sha256:0123456789ab",
    "docket.since": at,
    "docket.heartbeat": at,
    "docket.lease-seconds": "60",
  }
  const config = { Name: `${name}_lock`, Labels, Data: Buffer.from("held\n").toString("base64") }
  return (await engine.post<{ ID: string }>("/configs/create", config)).ID
}
