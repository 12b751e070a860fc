import { Refusal } from "../refusal.ts"

/** What an image says of itself (OCI image annotations, as labels). */
export type ImageFacts = { version: string; commit: string }

const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ")
/** Milliseconds. */
const PATIENCE = 20_000
const RUNS_ON = { os: "linux", architecture: "amd64" }

type Manifest = {
  manifests?: { digest: string; platform?: { os: string; architecture: string } }[]
  config?: { digest: string }
}
type Config = { os: string; architecture: string; config?: { Labels?: Record<string, string> | null } }

/**
 * Reads labels of `image@digest` from its registry as anyone can (OCI distribution specification), since that is how
 * the Space's build will pull it. Refuses what is not there, not public, or not built for what Spaces run on.
 */
export async function readImage(image: string, digest: string): Promise<ImageFacts> {
  const registry = new Registry(image)
  const index = await registry.get<Manifest>(`manifests/${digest}`, MANIFESTS)
  const place = index.manifests?.find(
    ({ platform }) => platform?.os === RUNS_ON.os && platform.architecture === RUNS_ON.architecture,
  )
  const built = index.manifests?.map(({ platform }) => `${platform?.os}/${platform?.architecture}`).join(", ")
  if (index.manifests && !place) throw wrongPlatform(image, digest, built)
  const manifest = place ? await registry.get<Manifest>(`manifests/${place.digest}`, MANIFESTS) : index
  if (!manifest.config) throw new Refusal(2, `${image}@${digest} is not an image that can be run.`)
  const { os, architecture, config } = await registry.get<Config>(`blobs/${manifest.config.digest}`)
  if (os !== RUNS_ON.os || architecture !== RUNS_ON.architecture)
    throw wrongPlatform(image, digest, `${os}/${architecture}`)
  const labels = config?.Labels ?? {}
  return {
    version: labels["org.opencontainers.image.version"] ?? "unknown",
    commit: labels["org.opencontainers.image.revision"] ?? "unknown",
  }
}

const wrongPlatform = (image: string, digest: string, built?: string) =>
  new Refusal(2, `${image}@${digest} was built for ${built}, and Spaces run linux/amd64.`)

class Registry {
  readonly #base: string
  readonly #image: string
  #authorization: string | undefined

  constructor(image: string) {
    const [host = "", ...path] = image.split("/")
    const named = path.length > 0 && /[.:]|^localhost$/.test(host)
    const name = named ? path.join("/") : image.includes("/") ? image : `library/${image}`
    const registry = named ? host : "registry-1.docker.io"
    const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(registry) ? "http" : "https"
    this.#image = image
    this.#base = `${scheme}://${registry}/v2/${name}`
  }

  async get<T>(path: string, accept = "*/*"): Promise<T> {
    const ask = () => {
      const headers = { Accept: accept, ...(this.#authorization && { Authorization: this.#authorization }) }
      return this.#fetch(`${this.#base}/${path}`, headers)
    }
    let answer = await ask()
    if (answer.status === 401 && !this.#authorization) {
      this.#authorization = await this.#anonymous(answer.headers.get("www-authenticate") ?? "")
      answer = await ask()
    }
    if (answer.ok) return answer.json() as Promise<T>
    if (answer.status === 404) throw new Refusal(2, `The registry has no ${this.#image} with that digest.`)
    if (answer.status === 401 || answer.status === 403)
      throw new Refusal(
        3,
        `${this.#image} is not public, so the Space can't pull it: make the package public in its settings.`,
      )
    throw new Refusal(1, `The registry of ${this.#image} answered ${answer.status}. Nothing was changed.`)
  }

  /** The token that anyone gets, by the challenge of the registry (RFC 6750, 3). */
  async #anonymous(challenge: string): Promise<string | undefined> {
    const members = Object.fromEntries(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
    if (!challenge.startsWith("Bearer ") || !members.realm) return
    const url = new URL(members.realm)
    for (const name of ["service", "scope"]) if (members[name]) url.searchParams.set(name, members[name])
    const answer = await this.#fetch(url.href, {})
    if (!answer.ok) return
    const { token, access_token } = (await answer.json()) as Record<string, string>
    return `Bearer ${token ?? access_token}`
  }

  async #fetch(url: string, headers: Record<string, string>): Promise<Response> {
    try {
      return await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE) })
    } catch {
      throw new Refusal(1, `The registry at ${new URL(url).host} does not answer. Nothing was changed.`)
    }
  }
}
