import { S3Client } from "bun"
import { Refusal } from "../refusal.ts"
import type { StorageSettings } from "./settings.ts"
import { streamOf } from "./stream-of.ts"

export type StoredObject = { key: string; size: number; at: string }

/** Bytes of a part of an upload: S3 allows 10,000 parts, so 160 GB. */
const PART = 16 * 1024 * 1024
/** Bytes that are read at once. */
const RANGE = 8 * 1024 * 1024
/** How often one request is tried, and milliseconds before the second try; each wait is twice the one before. */
const TRIES = 4
const PAUSE = 500
/** Milliseconds in which a part has to get through; then the storage counts as away. */
const PATIENCE = 120_000

/**
 * The bucket of backups. Keys are given without the prefix. What fails is a `Refusal` that says what was tried: 3 when
 * the identity lacks the right, 1 when the storage is away. Never holds a secret.
 */
export class Storage {
  readonly #client: S3Client

  constructor(private readonly settings: StorageSettings) {
    const { prefix, ...options } = settings
    this.#client = new S3Client({ ...options, virtualHostedStyle: false })
  }

  /** Names the bucket for people. */
  get name(): string {
    const { endpoint, bucket, prefix } = this.settings
    return `${bucket}${prefix && `/${prefix.slice(0, -1)}`} at ${new URL(endpoint).host}`
  }

  async put(key: string, content: string | Uint8Array): Promise<void> {
    await this.#try(`writing ${key}`, () =>
      this.#client.write(this.settings.prefix + key, content as Uint8Array<ArrayBuffer>, {
        type: key.endsWith(".json") ? "application/json" : "application/octet-stream",
      }),
    )
  }

  /**
   * Stores what `stream` gives, part by part, and returns its size. The object appears when all of it was stored, and
   * never half: what fails or is killed before leaves nothing that is listed.
   */
  async upload(key: string, stream: ReadableStream<Uint8Array>): Promise<number> {
    const writer = this.#client.file(this.settings.prefix + key).writer({
      partSize: PART,
      queueSize: 3,
      retry: TRIES - 1,
      type: "application/octet-stream",
    })
    let size = 0
    try {
      let waiting = 0
      for await (const chunk of stream) {
        writer.write(chunk)
        size += chunk.length
        waiting += chunk.length
        // Otherwise it keeps everything that the network has not taken.
        if (waiting < PART) continue
        waiting = 0
        await inTime(writer.flush())
      }
      await inTime(writer.end())
      return size
    } catch (error) {
      // The parts that were stored are dropped, where the storage can still be told so.
      await inTime(writer.end(error as Error), 5_000).catch(() => {})
      throw this.#refusal(error, `writing ${key}`)
    }
  }

  async read(key: string): Promise<Uint8Array | null> {
    const file = this.#client.file(this.settings.prefix + key)
    return this.#try(`reading ${key}`, async () => {
      try {
        return await file.bytes()
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    })
  }

  /** Null when there is no such object. */
  async sizeOf(key: string): Promise<number | null> {
    return this.#try(`looking at ${key}`, async () => {
      try {
        return (await this.#client.file(this.settings.prefix + key).stat()).size
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    })
  }

  /** The object of `size` bytes, read in portions, each tried again when it fails; the next is fetched ahead. */
  stream(key: string, size: number): ReadableStream<Uint8Array> {
    const file = this.#client.file(this.settings.prefix + key)
    const read = (start: number) =>
      this.#try(`reading ${key}`, () => file.slice(start, Math.min(start + RANGE, size)).bytes())
    return streamOf(
      (async function* () {
        let next = read(0)
        for (let start = 0; start < size; start += RANGE) {
          const chunk = await next
          if (start + RANGE < size) {
            next = read(start + RANGE)
            // Its failure is told where it is awaited, which may be never.
            next.catch(() => {})
          }
          yield chunk
        }
      })(),
    )
  }

  /** Every object whose key begins with `prefix`, in the order of keys. */
  async list(prefix: string): Promise<StoredObject[]> {
    const found: StoredObject[] = []
    let after: string | undefined
    do {
      const token = after
      const page = await this.#try(`listing ${prefix}`, () =>
        this.#client.list({
          prefix: this.settings.prefix + prefix,
          ...(token !== undefined && { continuationToken: token }),
        }),
      )
      for (const { key, size, lastModified } of page.contents ?? [])
        found.push({
          key: key.slice(this.settings.prefix.length),
          size: size ?? 0,
          at: new Date(lastModified ?? 0).toISOString(),
        })
      after = page.isTruncated ? page.nextContinuationToken : undefined
    } while (after !== undefined)
    return found.sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  async delete(key: string): Promise<void> {
    await this.#try(`deleting ${key}`, () => this.#client.delete(this.settings.prefix + key))
  }

  /** What the storage's clock says, from the header of any answer; null where it says nothing. */
  async clock(): Promise<Date | null> {
    return this.#try("asking", async () => {
      const answer = await fetch(this.settings.endpoint, {
        method: "HEAD",
        redirect: "manual",
        signal: AbortSignal.timeout(10_000),
      })
      const date = answer.headers.get("date")
      return date === null ? null : new Date(date)
    })
  }

  async #try<T>(what: string, work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await inTime(work())
      } catch (error) {
        if (tries === TRIES || isAnswer(error)) throw this.#refusal(error, what)
        await Bun.sleep(PAUSE * 2 ** (tries - 1))
      }
    }
  }

  #refusal(error: unknown, what: string): unknown {
    const code = codeOf(error)
    if (error instanceof Refusal) return error
    const told = `${code && `${code}: `}${(error as Error).message}`
    if (code === "AccessDenied" || code === "AllAccessDisabled")
      return new Refusal(3, `This identity has no right for ${what} in ${this.name} (${code}).`, {
        storageCode: code,
      })
    if (code === "RequestTimeTooSkewed")
      return new Refusal(
        3,
        `The clock of this machine is wrong: ${this.name} refuses its signature (${code}).`,
      )
    if (code === "InvalidAccessKeyId" || code === "SignatureDoesNotMatch")
      return new Refusal(2, `${this.name} does not know this identity, or its secret is another (${code}).`)
    if (code === "NoSuchBucket")
      return new Refusal(2, `There is no bucket ${this.settings.bucket} (${code}).`)
    return new Refusal(1, `The storage failed ${what} in ${this.name} (${told}).`)
  }
}

/** A promise that hangs is a storage that is away. */
async function inTime<T>(work: T | Promise<T>, patience = PATIENCE): Promise<T> {
  let timer: Timer | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patience / 1000} s`)), patience)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? ""
const isMissing = (error: unknown) => ["NoSuchKey", "NotFound"].includes(codeOf(error))
/** The storage has answered, and would again. */
const isAnswer = (error: unknown) =>
  error instanceof Refusal ||
  /^(AccessDenied|AllAccessDisabled|RequestTimeTooSkewed|InvalidAccessKeyId|SignatureDoesNotMatch|NoSuch\w+|NotFound)$/.test(
    codeOf(error),
  )
