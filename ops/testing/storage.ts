import { docker } from "./engine.ts"
import { until } from "./until.ts"

export type S3Identity = { accessKeyId: string; secretAccessKey: string }

/** An S3 service (versitygw) in a container. */
export type TestStorage = {
  container: string
  /** Where it is published: `http://host:port`. */
  url: string
  /** May do everything. */
  owner: S3Identity
}

/** Starts `image` as `container` with these buckets, published at `address`. `options` go to `docker run`. */
export async function startStorage(
  container: string,
  { image, address, buckets }: { image: string; address: string; buckets: string[] },
  ...options: string[]
): Promise<TestStorage> {
  const owner = { accessKeyId: "tests-owner", secretAccessKey: crypto.randomUUID() }
  const variables = [
    `S3_BUCKETS=${buckets.join(" ")}`,
    `ROOT_ACCESS_KEY_ID=${owner.accessKeyId}`,
    `ROOT_SECRET_ACCESS_KEY=${owner.secretAccessKey}`,
  ].flatMap((variable) => ["--env", variable])
  await docker(
    ...["run", "--detach", "--name", container, "--publish", `${address}::9000`],
    ...[...variables, ...options, image],
  )
  return { container, url: await storageUrl(container), owner }
}

/** Its address once it answers: an engine may give another port when it is started again. */
export async function storageUrl(container: string): Promise<string> {
  const [published] = (await docker("port", container, "9000/tcp")).split("\n")
  const url = `http://${published}`
  await until(`the storage answers at ${url}`, () => fetch(url).catch(() => null))
  return url
}

/** Makes an identity that may do nothing yet. */
export async function makeIdentity(
  { container, owner }: TestStorage,
  accessKeyId: string,
): Promise<S3Identity> {
  const secretAccessKey = crypto.randomUUID()
  await docker(
    ...["exec", container, "versitygw", "admin", "--endpoint-url", "http://127.0.0.1:9000"],
    ...["--access", owner.accessKeyId, "--secret", owner.secretAccessKey],
    ...["create-user", "--access", accessKeyId, "--secret", secretAccessKey, "--role", "user"],
  )
  return { accessKeyId, secretAccessKey }
}

export type Allowed = { who: S3Identity; actions: string[] }

/**
 * Makes `allowed` all that others than the owner may do in the bucket, by its policy. curl signs the request: Bun's client
 * only knows objects.
 */
export async function allow({ url, owner }: TestStorage, bucket: string, allowed: Allowed[]) {
  const Statement = allowed.flatMap(({ who, actions }) =>
    actions.map((Action) => ({
      Effect: "Allow",
      Principal: { AWS: [who.accessKeyId] },
      Action,
      Resource: `arn:aws:s3:::${bucket}${Action === "s3:ListBucket" ? "" : "/*"}`,
    })),
  )
  const policy = JSON.stringify({ Version: "2012-10-17", Statement })
  const digest = new Bun.CryptoHasher("sha256").update(policy).digest("hex")
  const child = Bun.spawn(
    [
      ...["curl", "--silent", "--show-error", "--fail-with-body", "--aws-sigv4", "aws:amz:us-east-1:s3"],
      ...["--config", "-", "--request", "PUT", "--header", `x-amz-content-sha256: ${digest}`],
      ...["--data-binary", policy, `${url}/${bucket}?policy=`],
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
