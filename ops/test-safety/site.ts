import { generateX25519Identity, identityToRecipient } from "age-encryption"
import { docker, fetchImage } from "../testing/engine.ts"
import type { Place } from "../testing/place.ts"
import { startPostgres, withUser } from "../testing/postgres.ts"
import { allow, makeIdentity, type S3Identity, startStorage, type TestStorage } from "../testing/storage.ts"

/** A storage with its identities, and servers to back up and to restore on. */
export type Site = Place & {
  /** Where published ports are. */
  address: string
  images: { postgres: string; s3: string }
  storage: TestStorage
  /** An address of the database to back up, by a role that may only read. */
  source: string
  /** The same by the superuser. */
  sourceOwner: string
  /** Another server of PostgreSQL, empty. */
  elsewhere: string
  identities: { writer: S3Identity; verifier: S3Identity; reader: S3Identity }
  key: { identity: string; recipient: string }
}

export const BUCKET = "backups"

export async function setUp(place: Place): Promise<Site> {
  const images = {
    postgres: process.env.POSTGRES_IMAGE ?? "postgres:18-trixie",
    s3: process.env.S3_IMAGE ?? "versity/versitygw:latest",
  }
  for (const image of Object.values(images)) await fetchImage(image)
  const address = process.env.TEST_ADDRESS ?? (await engineAddress())
  const { prefix } = place
  const storage = await startStorage(`${prefix}-s3`, { image: images.s3, address, buckets: [BUCKET] })
  const writer = await makeIdentity(storage, "tests-writer")
  const verifier = await makeIdentity(storage, "tests-verifier")
  const reader = await makeIdentity(storage, "tests-reader")
  await allow(storage, BUCKET, [
    { who: writer, actions: ["s3:PutObject"] },
    { who: verifier, actions: ["s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:DeleteObject"] },
    { who: reader, actions: ["s3:PutObject", "s3:GetObject", "s3:ListBucket"] },
  ])
  const identity = await generateX25519Identity()
  const server = { image: images.postgres, address }
  const sourceOwner = await startPostgres(`${prefix}-source`, server)
  return {
    ...place,
    address,
    images,
    storage,
    source: withUser(sourceOwner, "docket_backup"),
    sourceOwner,
    elsewhere: await startPostgres(`${prefix}-elsewhere`, server),
    identities: { writer, verifier, reader },
    key: { identity, recipient: await identityToRecipient(identity) },
  }
}

/** The engine's, if it is in a Swarm, else this machine's loopback. */
async function engineAddress(): Promise<string> {
  return (await docker("info", "--format", "{{.Swarm.NodeAddr}}")) || "127.0.0.1"
}
