import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { S3Client } from "bun"
import { Refusal } from "../refusal.ts"

/** What is stored under a name, and what it is known by: the next write is of this and of no other. */
export type Stored = { text: string; tag: string }

/** Where the page and its history are: a bucket, or a folder that something else serves. */
export type Place = {
  name: string
  read: (name: string) => Promise<Stored | null>
  /** False if it is no longer what `before` was (null: that there is none). Without `before` it is written whatever there is. */
  write: (name: string, text: string, before?: Stored | null) => Promise<boolean>
}

const PATIENCE = 20_000
const typeOf = (name: string) => (name.endsWith(".html") ? "text/html; charset=utf-8" : "application/json")

export type BucketSettings = {
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  prefix: string
}

/**
 * A bucket, by requests signed in their address, so that they can carry `If-Match` (S3, "Conditional writes"). A storage that does
 * not know it takes the later of two writes at once: one look is then missing, which is unknown.
 */
export function bucketPlace({ prefix, ...settings }: BucketSettings): Place {
  const client = new S3Client({ ...settings, virtualHostedStyle: false })
  const ask = async (method: "GET" | "PUT", name: string, init: RequestInit = {}) => {
    const url = client.presign(prefix + name, { method, expiresIn: 60 })
    return fetch(url, { ...init, method, signal: AbortSignal.timeout(PATIENCE) }).catch(() => {
      throw new Refusal(1, `The storage at ${new URL(settings.endpoint).host} does not answer.`)
    })
  }
  const refused = async (answer: Response, what: string) => {
    const code = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1] ?? `${answer.status}`
    return new Refusal(answer.status === 403 ? 3 : 1, `${settings.bucket} refused ${what} (${code}).`)
  }
  return {
    name: `${settings.bucket} at ${new URL(settings.endpoint).host}`,
    read: async (name) => {
      const answer = await ask("GET", name)
      if (answer.status === 404) return null
      if (!answer.ok) throw await refused(answer, `reading ${name}`)
      return { text: await answer.text(), tag: answer.headers.get("etag") ?? "" }
    },
    write: async (name, text, before) => {
      const condition: Record<string, string> =
        before === undefined ? {} : before === null ? { "If-None-Match": "*" } : { "If-Match": before.tag }
      const headers = { "Content-Type": typeOf(name), "Cache-Control": "public, max-age=60", ...condition }
      const answer = await ask("PUT", name, { body: text, headers })
      if (answer.status === 412 || answer.status === 409) return false
      if (!answer.ok) throw await refused(answer, `writing ${name}`)
      await answer.body?.cancel()
      return true
    },
  }
}

/** A folder of this machine, which a web server or a deploy (Vercel, Pages) serves. One command at a time. */
export function folderPlace(folder: string): Place {
  const read = async (name: string) => {
    const text = await readFile(join(folder, name), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null
      throw new Refusal(1, `${join(folder, name)} can't be read (${error.code}).`)
    })
    return text === null ? null : { text, tag: new Bun.CryptoHasher("sha256").update(text).digest("hex") }
  }
  return {
    name: folder,
    read,
    write: async (name, text, before) => {
      if (before !== undefined && (await read(name))?.tag !== before?.tag) return false
      await mkdir(folder, { recursive: true })
      const path = join(folder, name)
      // Whole or not at all: it may be read at any moment.
      await writeFile(`${path}.new`, text)
      await rename(`${path}.new`, path)
      return true
    },
  }
}
