import type { Compose } from "./compose.ts"

/** `[archive]` of an environment's file: storage that pgBackRest writes to, in a bucket of its own. */
export type ArchiveSettings = {
  /** Of ops/database/Dockerfile. */
  image: string
  /** Over HTTPS, as in https://s3.example.org. */
  endpoint: string
  bucket: string
  region?: string
  /** The path of a PEM file, where no public authority signs the storage's certificate. */
  ca?: string
  /** How much write-ahead log may wait while the storage is away, as Docker writes sizes. */
  queue?: string
}

export const ARCHIVE_SECRETS = [
  "archive-access-key-id",
  "archive-secret-access-key",
  "archive-passphrase",
] as const

const REGION = "us-east-1"
/** A segment of 16 MB a minute: some four hours without the storage before any of it is dropped. */
const QUEUE = "4G"
const CA_FILE = "/etc/docket/archive-ca.pem"

/** The stack's network by which PostgreSQL reaches the storage, and nobody else is in it. */
export const archiveNetwork = (stack: string) => `${stack}_archive`

/** What a container of the image needs to know of the archive; nothing secret. */
export const archiveVariables = ({
  endpoint,
  bucket,
  region = REGION,
  ca,
  queue = QUEUE,
}: ArchiveSettings) => ({
  ARCHIVE_ENDPOINT: endpoint,
  ARCHIVE_BUCKET: bucket,
  ARCHIVE_REGION: region,
  ARCHIVE_QUEUE: `${queue}B`,
  ...(ca && { ARCHIVE_CA_FILE: CA_FILE }),
})

/** Makes the stack's database one that archives. */
export function archiveDatabase(compose: Compose, settings: ArchiveSettings) {
  const database = compose.services.database!
  database.image = settings.image
  database.environment = { ...database.environment, ...archiveVariables(settings) }
  database.networks = [...database.networks, "archive"]
  compose.networks.archive = { driver: "overlay" }
  for (const source of ARCHIVE_SECRETS) {
    compose.secrets[source] = { external: true }
    database.secrets!.push({ source, target: source, mode: 0o400 })
  }
  if (!settings.ca) return
  compose.configs["archive-ca"] = { file: settings.ca }
  database.configs = [{ source: "archive-ca", target: CA_FILE }]
}
