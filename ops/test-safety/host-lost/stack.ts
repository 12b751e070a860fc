import { ops } from "../../test-deploy/operator.ts"
import { Stack } from "../../test-deploy/stack.ts"
import { check } from "../../testing/check.ts"
import { succeeded } from "../../testing/running-command.ts"
import { BUCKET, type Site, turnTo, written } from "./site.ts"

/** The stack on the host that will be lost. */
export type Raised = { site: Site; stack: Stack; environment: string }

/** As an operator does it, with the table [backup]. Nothing where it does not come up: that is told. */
export async function raise(site: Site): Promise<Raised | undefined> {
  turnTo(site.lost)
  const stack = await Stack.of(site.lost.site, "host-lost", {
    backup: {
      image: site.tools,
      endpoint: site.storage.url,
      bucket: BUCKET,
      recipients: [site.key.recipient],
      hour: 2,
    },
  })
  const environment = stack.environment.path
  let raised = false
  await check("a stack with a table [backup] comes up by one command", async () => {
    turnTo(site.next)
    await site.next.site.authority.lead(site.lost.site.address)
    turnTo(site.lost)
    succeeded(await ops("secrets", environment, "generate"))
    const { accessKeyId, secretAccessKey } = site.identities.writer
    const given = { "backup-s3-access-key-id": accessKeyId, "backup-s3-secret-access-key": secretAccessKey }
    for (const [name, content] of Object.entries(given))
      succeeded(await ops("secrets", environment, "set", name, "--file", await written(site, name, content)))
    succeeded(await ops("deploy", environment, site.lost.site.image))
    raised = true
  })
  return raised ? { site, stack, environment } : undefined
}
