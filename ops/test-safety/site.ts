import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { generateX25519Identity, identityToRecipient } from "age-encryption"
import { attempt, docker, fetchImage, removeAll } from "../testing/engine.ts"

/** A storage with two identities, and servers to back up and to restore on. */
export type Site = {
  folder: string
  /** Where published ports are. */
  address: string
  storage: string
  /** The storage's container. */
  storageContainer: string
  /** An address of the database to back up, by a role that may only read. */
  source: string
  /** The same by the superuser. */
  sourceOwner: string
  /** Another server of PostgreSQL, empty. */
  elsewhere: string
  images: { postgres: string; s3: string }
  identities: { owner: S3Identity; writer: S3Identity; verifier: S3Identity; reader: S3Identity }
  key: { identity: string; recipient: string }
}

export type S3Identity = { accessKeyId: string; secretAccessKey: string }

export const BUCKET = "backups"
const prefix = `docket-test-safety-${process.pid}`
const PASSWORD = "a password of the tests"
const owner: S3Identity = { accessKeyId: "tests-owner", secretAccessKey: crypto.randomUUID() }

/** Throws when something of it does not come about, and removes the rest. */
export async function setUp(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "docket-test-safety-"))
  try {
    return await siteIn(folder)
  } catch (error) {
    await tearDown({ folder })
    throw error
  }
}

async function siteIn(folder: string): Promise<Site> {
  await removeAll("docket-test-safety-")
  const images = {
    postgres: process.env.POSTGRES_IMAGE ?? "postgres:18-trixie",
    s3: process.env.S3_IMAGE ?? "versity/versitygw:latest",
  }
  for (const image of Object.values(images)) await fetchImage(image)
  const address = process.env.TEST_ADDRESS ?? (await engineAddress())
  const storageContainer = `${prefix}-s3`
  const storage = await startStorage(images.s3, storageContainer, address)
  const identity = await generateX25519Identity()
  const writer = await makeIdentity(storageContainer, "tests-writer")
  const verifier = await makeIdentity(storageContainer, "tests-verifier")
  const reader = await makeIdentity(storageContainer, "tests-reader")
  await allow(storage, [
    { who: writer, actions: ["s3:PutObject"] },
    { who: verifier, actions: ["s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:DeleteObject"] },
    { who: reader, actions: ["s3:PutObject", "s3:GetObject", "s3:ListBucket"] },
  ])
  const sourceOwner = await startPostgres("source", { images, address })
  return {
    folder,
    address,
    storage,
    storageContainer,
    source: withUser(sourceOwner, "docket_backup"),
    sourceOwner,
    elsewhere: await startPostgres("elsewhere", { images, address }),
    images,
    identities: { owner, writer, verifier, reader },
    key: { identity, recipient: await identityToRecipient(identity) },
  }
}

export async function tearDown({ folder }: Pick<Site, "folder">) {
  await removeAll(`${prefix}-`)
  await rm(folder, { recursive: true, force: true })
}

/** The engine's, if it is in a Swarm, else this machine's loopback. */
async function engineAddress(): Promise<string> {
  return (await docker("info", "--format", "{{.Swarm.NodeAddr}}")) || "127.0.0.1"
}

/** Starts PostgreSQL as NAME, and returns an address of its database `docket`. `options` go to `docker run`. */
export async function startPostgres(
  name: string,
  { images, address }: Pick<Site, "images" | "address">,
  ...options: string[]
): Promise<string> {
  const container = `${prefix}-${name}`
  const variables = ["--env", `POSTGRES_PASSWORD=${PASSWORD}`, "--env", "POSTGRES_DB=docket"]
  await docker(
    ...["run", "--detach", "--name", container, "--shm-size", "256m", "--publish", `${address}::5432`],
    ...[...variables, ...options, images.postgres],
  )
  const port = (await docker("port", container, "5432/tcp")).split("\n")[0]!.split(":").pop()
  // The first server of the image, which only sets up, does not listen.
  for (
    let tries = 0;
    (await attempt("exec", container, "pg_isready", "--host", "127.0.0.1")).exitCode !== 0;
    tries++
  ) {
    if (tries > 240) throw new Error(`PostgreSQL in ${container} does not answer`)
    await Bun.sleep(250)
  }
  return `postgres://postgres:${encodeURIComponent(PASSWORD)}@${address}:${port}/docket`
}

async function startStorage(image: string, container: string, address: string): Promise<string> {
  await docker(
    ...[
      "run",
      "--detach",
      "--name",
      container,
      "--publish",
      `${address}::9000`,
      "--env",
      `S3_BUCKETS=${BUCKET}`,
    ],
    ...["--env", `ROOT_ACCESS_KEY_ID=${owner.accessKeyId}`],
    ...["--env", `ROOT_SECRET_ACCESS_KEY=${owner.secretAccessKey}`, image],
  )
  return storageOf(container)
}

/** Its address now: an engine may give another port when it is started again. */
export async function storageOf(container: string): Promise<string> {
  const [published] = (await docker("port", container, "9000/tcp")).split("\n")
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`http://${published}`).catch(() => null)
    if (answer) return `http://${published}`
    if (tries > 40) throw new Error("the storage does not answer")
    await Bun.sleep(250)
  }
}

async function makeIdentity(container: string, accessKeyId: string): Promise<S3Identity> {
  const secretAccessKey = crypto.randomUUID()
  await docker(
    ...[
      "exec",
      container,
      "versitygw",
      "admin",
      "--access",
      owner.accessKeyId,
      "--secret",
      owner.secretAccessKey,
    ],
    ...["--endpoint-url", "http://127.0.0.1:9000", "create-user", "--access", accessKeyId],
    ...["--secret", secretAccessKey, "--role", "user"],
  )
  return { accessKeyId, secretAccessKey }
}

type Allowed = { who: S3Identity; actions: string[] }

/** By a bucket policy, as the storage's owner. curl signs the request: Bun's client only knows objects. */
async function allow(storage: string, allowed: Allowed[]) {
  const Statement = allowed.flatMap(({ who, actions }) =>
    actions.map((Action) => ({
      Effect: "Allow",
      Principal: { AWS: [who.accessKeyId] },
      Action,
      Resource: `arn:aws:s3:::${BUCKET}${Action === "s3:ListBucket" ? "" : "/*"}`,
    })),
  )
  const policy = JSON.stringify({ Version: "2012-10-17", Statement })
  const digest = new Bun.CryptoHasher("sha256").update(policy).digest("hex")
  const child = Bun.spawn(
    [
      ...["curl", "--silent", "--show-error", "--fail-with-body", "--aws-sigv4", "aws:amz:us-east-1:s3"],
      ...["--config", "-", "--request", "PUT", "--header", `x-amz-content-sha256: ${digest}`],
      ...["--data-binary", policy, `${storage}/${BUCKET}?policy=`],
    ],
    {
      stdin: new Blob([`user = "${owner.accessKeyId}:${owner.secretAccessKey}"\n`]),
      stdout: "pipe",
      stderr: "pipe",
    },
  )
  const told = `${await new Response(child.stdout).text()}${await new Response(child.stderr).text()}`
  if ((await child.exited) !== 0) throw new Error(`the bucket's policy was refused: ${told}`)
}

/** The same database, by another role with the same password. */
export const withUser = (url: string, user: string) => Object.assign(new URL(url), { username: user }).href
export const password = PASSWORD
