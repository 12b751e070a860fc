import { generateKeyPairSync } from "node:crypto"
import { join } from "node:path"
import { generateX25519Identity, identityToRecipient } from "age-encryption"
import { Storage } from "../../backup/storage.ts"
import { listBackups } from "../../backup/stored-backups.ts"
import { buildTools, deriveServer } from "../../test-deploy/images.ts"
import { ops } from "../../test-deploy/operator.ts"
import { type Site, setUp } from "../../test-deploy/site.ts"
import { Stack } from "../../test-deploy/stack.ts"
import { check, expect } from "../../testing/check.ts"
import { docker, fetchImage } from "../../testing/engine.ts"
import type { Place } from "../../testing/place.ts"
import { startPostgres } from "../../testing/postgres.ts"
import { succeeded } from "../../testing/running-command.ts"
import { allow, makeIdentity, startStorage, type TestStorage } from "../../testing/storage.ts"

const BUCKET = "backups"

export type World = {
  site: Site
  storage: TestStorage
  /** What the operator has: opens backups, reads the bucket, proves, and where to. */
  operator: Record<string, string>
  recipient: string
  writer: { accessKeyId: string; secretAccessKey: string }
  /** Lets the stack store backups, or not. */
  letWrite: (may: boolean) => Promise<void>
  /** By digest; no environment names it. */
  tools: string
}
export type Raised = World & { stack: Stack; environment: string }

/** The server's image of the site says which tools it was published with. */
export async function setUpStack(place: Place): Promise<World> {
  const site = await setUp(place)
  const image = process.env.S3_IMAGE ?? "versity/versitygw:latest"
  await fetchImage(image)
  const { address, images, prefix } = site
  const storage = await startStorage(`${prefix}-s3`, { image, address, buckets: [BUCKET] })
  const writer = await makeIdentity(storage, "tests-writer")
  const verifier = await makeIdentity(storage, "tests-verifier")
  const letWrite = (may: boolean) =>
    allow(storage, BUCKET, [
      ...(may ? [{ who: writer, actions: ["s3:PutObject"] }] : []),
      { who: verifier, actions: ["s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:DeleteObject"] },
    ])
  await letWrite(true)
  const tools = await buildTools(site.registry, images)
  // Under the name that further releases are derived from.
  const released = await deriveServer(site.image, "built", [`LABEL org.docket.tools=${tools.split("@")[1]}`])
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  const identity = await generateX25519Identity()
  return {
    site: { ...site, image: released },
    storage,
    writer,
    letWrite,
    tools,
    recipient: await identityToRecipient(identity),
    operator: {
      BACKUP_IDENTITY: identity,
      BACKUP_S3_ENDPOINT: storage.url,
      BACKUP_S3_BUCKET: BUCKET,
      BACKUP_S3_ACCESS_KEY_ID: verifier.accessKeyId,
      BACKUP_S3_SECRET_ACCESS_KEY: verifier.secretAccessKey,
      BACKUP_PROOF_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      BACKUP_PROOF_PUBLIC_KEY: publicKey.export({ type: "spki", format: "pem" }).toString(),
      DRILL_DATABASE_URL: await startPostgres(`${prefix}-drill`, { image: images.postgres, address }),
      POSTGRES_IMAGE: images.postgres,
    },
  }
}

/** As an operator does it, with a table [backup] that names no image. Nothing where it does not come up: that is told. */
export async function raise(world: World): Promise<Raised | undefined> {
  const { site, storage, recipient, writer, tools } = world
  const backup = { endpoint: storage.url, bucket: BUCKET, recipients: [recipient], hour: 2 }
  const stack = await Stack.of(site, "stack-restore", { backup })
  const environment = stack.environment.path
  let raised = false
  await check("a stack backs itself up with the tools of its release, which its record names", async () => {
    succeeded(await ops("secrets", environment, "generate"))
    const given = {
      "backup-s3-access-key-id": writer.accessKeyId,
      "backup-s3-secret-access-key": writer.secretAccessKey,
    }
    for (const [name, content] of Object.entries(given)) {
      const path = join(site.folder, name)
      await Bun.write(path, content)
      succeeded(await ops("secrets", environment, "set", name, "--file", path))
    }
    succeeded(await ops("deploy", environment, site.image))
    raised = true
    const runs = await docker(
      "service",
      "inspect",
      "--format",
      "{{.Spec.TaskTemplate.ContainerSpec.Image}}",
      `${stack.name}_backup`,
    )
    expect(runs === tools, `it runs ${runs}`)
    const { said } = await ops("releases", environment)
    const [release] = said.releases as { tools: string; database: string }[]
    expect(release?.tools === tools && Boolean(release.database), JSON.stringify(release))
  })
  if (raised) return { ...world, stack, environment }
  await stack.end()
  return undefined
}

/** What is in the bucket, oldest first. */
export async function stored({ storage }: World) {
  const settings = {
    endpoint: storage.url,
    bucket: BUCKET,
    region: "us-east-1",
    prefix: "",
    ...storage.owner,
  }
  return (await listBackups(new Storage(settings))).backups
}
