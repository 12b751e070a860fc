import { Refusal } from "../refusal.ts"
import { needSigningKey, sign } from "../supply-chain/sign.ts"
import { type Distrust, NotVerified, type Signer, verifyImage } from "../supply-chain/verify.ts"
import { check, expect } from "../testing/check.ts"
import { attempt, docker } from "../testing/engine.ts"
import type { Keys } from "./keys.ts"

type BothKeys = { ours: Keys; other: Keys }

const MANIFEST =
  "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"

/** What a deploy is told of images that it must not run. `image` is signed by our key. */
export async function checkDistrust(image: string, { ours, other }: BothKeys) {
  const byUs = { key: ours.public }
  const repository = image.split("@")[0]!
  await check("is verified by the key that signed it", () => verifyImage({ cosign: byUs }, image))
  await check("is refused where another key is asked for", () =>
    refused({ key: other.public }, image, "signed-by-another"),
  )
  await check("is refused where an identity is asked for, and a key signed", () =>
    refused({ identity: "https://example.org/workflow", issuer: "https://example.org" }, image),
  )

  const unsigned = await another(image, "unsigned")
  await check("an image without a signature is refused", () => refused(byUs, unsigned, "unsigned"))
  await check("an image that never was there is refused", () =>
    refused(byUs, `${repository}@sha256:${"0".repeat(64)}`, "unsigned"),
  )
  await check("a signature that was moved to another image is refused", async () => {
    await moveSignature(image, unsigned)
    return refused(byUs, unsigned, "signature-of-another-image")
  })
  await check("a signature that was changed to fit another image is refused", async () => {
    await forgeSignature(image, unsigned)
    return refused(byUs, unsigned, "signed-by-another")
  })
  await check("an image whose bytes were changed in the registry is not pulled", () => tamper(ours, image))

  await checkBadInput(image, byUs)
}

async function checkBadInput(image: string, byUs: Signer) {
  await check("refuses to verify what is not named by a digest", () =>
    complains(2, "has no digest", () => verifyImage({ cosign: byUs }, `${image.split("@")[0]}:latest`)),
  )
  await check("refuses a key that cannot be read, and a [cosign] that says too little", async () => {
    await complains(2, "cannot be read", () => verifyImage({ cosign: { key: "/nowhere/cosign.pub" } }, image))
    await complains(2, "either a key", () => verifyImage({ cosign: { identity: "someone" } }, image))
    await complains(2, "either a key", () => verifyImage({}, image))
  })
  await check("says so when the registry does not answer", () =>
    refused(byUs, `127.0.0.1:1/docket@${image.split("@")[1]}`, "unknown"),
  )
  await check("builds nothing without something to sign it with", async () => {
    await complains(3, "not set", () => needSigningKey("env://NO_SUCH_VARIABLE"))
    await complains(2, "cannot be read", () => needSigningKey("/nowhere/cosign.key"))
  })
}

/** The sentence that `image` is refused with. Throws when it was not, or for another reason. */
async function refused(cosign: Signer, image: string, distrust?: Distrust): Promise<string> {
  const answer = await verifyImage({ cosign }, image).catch((error: unknown) => error)
  expect(answer instanceof NotVerified && answer.code === 3, `the answer is: ${answer}`)
  expect(!distrust || answer.distrust === distrust, `${answer.distrust}: ${answer.message}`)
  return answer.message.replace(/sha256:([0-9a-f]{6})[0-9a-f]{58}/g, "sha256:$1…")
}

async function complains(code: number, words: string, work: () => Promise<unknown>) {
  const answer = await work().catch((error: unknown) => error)
  expect(answer instanceof Refusal && answer.code === code, `the answer is: ${answer}`)
  expect(answer.message.includes(words), answer.message)
}

/** Pushes an image that differs from `image` by a label, and returns its name by digest. */
async function another(image: string, label: string): Promise<string> {
  const tag = `${image.split("@")[0]}:${label}`
  const container = await docker("create", image)
  await docker("commit", "--change", `LABEL made=${label}`, container, tag)
  await docker("rm", container)
  const digest = /digest: (sha256:\S+)/.exec(await docker("push", tag))![1]
  return `${image.split("@")[0]}@${digest}`
}

/** Where cosign keeps an image's signature: a tag made of the digest. */
function registryOf(image: string) {
  const [name, digest] = image.split("@") as [string, string]
  const [host, ...path] = name.split("/")
  return { url: `http://${host}/v2/${path.join("/")}`, signature: `${digest.replace(":", "-")}.sig` }
}

async function moveSignature(from: string, to: string) {
  const { url, signature } = registryOf(from)
  const found = await fetch(`${url}/manifests/${signature}`, { headers: { Accept: MANIFEST } })
  await putManifest(to, await found.text(), found.headers.get("Content-Type")!)
}

/** Puts our signature beside `to`, with a payload that names `to`. */
async function forgeSignature(from: string, to: string) {
  const { url, signature } = registryOf(from)
  const found = await fetch(`${url}/manifests/${signature}`, { headers: { Accept: MANIFEST } })
  const manifest = (await found.json()) as { layers: { digest: string; size: number }[] }
  const layer = manifest.layers[0]!
  const payload = await fetch(`${url}/blobs/${layer.digest}`).then((answer) => answer.text())
  const forged = payload.replaceAll(from.split("@")[1]!, to.split("@")[1]!)
  expect(forged !== payload, "the payload names no digest")
  layer.digest = await putBlob(url, forged)
  layer.size = forged.length
  await putManifest(to, JSON.stringify(manifest), found.headers.get("Content-Type")!)
}

async function putBlob(url: string, content: string): Promise<string> {
  const digest = `sha256:${new Bun.CryptoHasher("sha256").update(content).digest("hex")}`
  const begun = await fetch(`${url}/blobs/uploads/`, { method: "POST" })
  const place = new URL(begun.headers.get("Location")!, url)
  place.searchParams.set("digest", digest)
  const headers = { "Content-Type": "application/octet-stream" }
  const put = await fetch(place, { method: "PUT", body: content, headers })
  expect(put.status === 201, `the registry answers ${put.status}: ${await put.text()}`)
  return digest
}

async function putManifest(image: string, content: string, type: string) {
  const { url, signature } = registryOf(image)
  const headers = { "Content-Type": type }
  const put = await fetch(`${url}/manifests/${signature}`, { method: "PUT", body: content, headers })
  expect(put.status === 201, `the registry answers ${put.status}: ${await put.text()}`)
}

/** Changes a signed image's manifest where the registry keeps it. The signature still fits; the digest does not. */
async function tamper(ours: Keys, from: string): Promise<string> {
  const image = await another(from, "tampered")
  await sign(image, ours.private)
  await verifyImage({ cosign: { key: ours.public } }, image)
  const digest = image.split(":").at(-1)!
  const port = /:(\d+)\//.exec(image)![1]!
  const registry = await docker("ps", "--filter", `publish=${port}`, "--format", "{{.ID}}")
  const file = `*/blobs/sha256/${digest.slice(0, 2)}/${digest}/data`
  const change = `for f in $(find / -path '${file}' 2>/dev/null); do sed -i 's/"schemaVersion"/"schemaversion"/' "$f"; done`
  await docker("exec", registry, "sh", "-c", change)
  const names = (await docker("image", "ls", "--quiet", "--filter", "label=made=tampered")).split("\n")
  await docker("image", "rm", "--force", ...names)
  const pulled = await attempt("pull", image)
  expect(pulled.exitCode !== 0, "it was pulled")
  return pulled.stderr.split("\n").at(-1)!.slice(0, 160)
}
