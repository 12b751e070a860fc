import { createHash } from "node:crypto"
import { resolve } from "node:path"
import { Refusal } from "../refusal.ts"
import { type ArchiveSettings, archiveDatabase } from "./archive.ts"
import type { Compose, Docker } from "./compose.ts"
import { databaseVolume } from "./database-volume.ts"
import type { CurrentSecrets, SecretName } from "./secrets.ts"

/** What the stack takes from an environment's file (ops/environments/environment.ts). */
export type StackEnvironment = {
  stack: string
  /** The first is where people open the page; the others lead there. */
  domains: string[]
  acme_email: string
  replicas: number
  /** Whether PostgreSQL runs in the stack, or the database's secrets lead elsewhere. */
  database: "stack" | "outside"
  /** Another authority than Let's Encrypt; `ca` is the path of a PEM file that its endpoint is verified by. */
  acme?: { directory?: string; ca?: string; certificates_duration_hours?: number }
  images?: Partial<typeof defaultImages>
  /** Further variables of the server, nothing secret. */
  settings?: Record<string, string>
  /** Where the stack's database keeps its write-ahead log, so that it can be brought back to any moment. */
  archive?: ArchiveSettings
  /** Where each engine sends what containers write, besides what it keeps itself for `ops logs`. */
  logs?: { syslog: string }
  limits?: Partial<Record<Limited, { cpus?: number; memory?: string }>>
  /** Files that one process may hold open, in Traefik and in the server. */
  nofile?: number
  /** The engine's socket on the managers. */
  docker_socket?: string
  /** Where the stack's own service stores a backup every day; without it there is no such service. */
  backup?: BackupPlace
}

export type BackupPlace = {
  /** What ops/backup/Dockerfile builds; the one that the release was published with unless given. */
  image?: string
  endpoint: string
  bucket: string
  region?: string
  prefix?: string
  /** Public keys of age. */
  recipients: string[]
  /** Of the day, UTC. */
  hour: number
}

type Variables = Record<string, string | number | boolean>

/** What the tools image is told of the storage, in each of its tasks; nothing secret. */
export const backupVariables = ({ endpoint, bucket, region, prefix, recipients }: BackupPlace) => ({
  BACKUP_S3_ENDPOINT: endpoint,
  BACKUP_S3_BUCKET: bucket,
  ...(region && { BACKUP_S3_REGION: region }),
  ...(prefix && { BACKUP_S3_PREFIX: prefix }),
  BACKUP_RECIPIENTS: recipients.join(" "),
})

type Limited = "traefik" | "server" | "database"

export const defaultImages = {
  traefik: "traefik:v3.6.12",
  postgres: "postgres:18-trixie",
  haproxy: "haproxy:3.2-trixie",
}

/** In CPUs (null: all there are) and as Docker writes sizes. */
const defaultLimits = {
  traefik: { cpus: 1, memory: "512M" },
  server: { cpus: 1, memory: "768M" },
  database: { cpus: null, memory: "1G" },
}

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
/** What Traefik takes a certificate to last when it plans renewals: Let's Encrypt's 90 days. */
const CERTIFICATES_DURATION_HOURS = 2160
/** Where overlay networks come from unless the Swarm was made with other ranges. */
const SWARM_RANGES = ["10.0.0.0/8"]
const FOLDER = resolve(import.meta.dir, "..")

/** What the stack takes from the engine it is deployed on. */
export type EngineFacts = {
  /** The ranges that overlay networks are taken from, in CIDR notation. */
  overlayRanges: string[]
  cpus: number
}

/**
 * ops/stack.yml for one environment: `image` is the server's, by digest; `secrets` are the Swarm's. Throws a `Refusal`
 * (3) that names every required secret that is missing.
 */
export async function composeStack(
  environment: StackEnvironment,
  image: string,
  secrets: CurrentSecrets,
  facts: EngineFacts,
): Promise<Compose> {
  const compose = await readCompose("stack.yml", variablesOf(environment, image, facts))
  if (environment.archive && environment.database === "stack") archiveDatabase(compose, environment.archive)
  if (environment.database === "outside") {
    delete compose.services.database
    delete compose.volumes.database
    delete compose.secrets["postgres-password"]
  }
  if (environment.backup) tellBackup(compose, environment.backup, secrets)
  else withoutBackup(compose)
  giveSecrets(compose, secrets)
  if (!environment.acme?.ca) withoutAuthority(compose)
  const server = compose.services.server!
  server.environment = { ...server.environment, ...environment.settings }
  if (environment.logs) sendLogs(compose, environment)
  Object.assign(server.deploy.labels!, redirections(environment.domains))
  await nameConfigs(compose, environment.stack)
  return compose
}

/** A file of ops/, with its variables filled in, without what is only there to be referred to. */
export async function readCompose(file: string, variables: Variables): Promise<Compose> {
  const text = await Bun.file(resolve(FOLDER, file)).text()
  const { services, networks, volumes, configs, secrets } = filledIn(
    Bun.YAML.parse(text),
    variables,
  ) as Compose
  return { services, networks, volumes, configs, secrets }
}

function variablesOf(environment: StackEnvironment, image: string, facts: EngineFacts) {
  const { stack, domains, acme = {}, limits = {} } = environment
  const images = { ...defaultImages, ...environment.images }
  const limit = (name: Limited) => ({ ...defaultLimits[name], ...limits[name] })
  const cpus = (name: Limited) => `${limit(name).cpus ?? facts.cpus}`
  return {
    STACK: stack,
    DOMAIN: domains[0]!,
    SERVER_IMAGE: image,
    TRAEFIK_IMAGE: images.traefik,
    HAPROXY_IMAGE: images.haproxy,
    POSTGRES_IMAGE: images.postgres,
    BACKUP_IMAGE: environment.backup?.image ?? "",
    REPLICAS: environment.replicas,
    ACME_EMAIL: environment.acme_email,
    ACME_DIRECTORY: acme.directory ?? LETS_ENCRYPT,
    ACME_CA: acme.ca ? resolve(acme.ca) : "",
    ACME_CA_FILE: "/etc/traefik/acme-ca.pem",
    CERTIFICATES_DURATION_HOURS: acme.certificates_duration_hours ?? CERTIFICATES_DURATION_HOURS,
    OVERLAY_ADDRESSES: facts.overlayRanges.join(","),
    DATA_INTERNAL: environment.database === "stack",
    DOCKER_SOCKET: environment.docker_socket ?? "/var/run/docker.sock",
    NOFILE: environment.nofile ?? 65536,
    LOG_MAX_SIZE: "10m",
    TRAEFIK_CPUS: cpus("traefik"),
    SERVER_CPUS: cpus("server"),
    DATABASE_CPUS: cpus("database"),
    TRAEFIK_MEMORY: limit("traefik").memory,
    TRAEFIK_HEAP: goMemory(limit("traefik").memory),
    SERVER_MEMORY: limit("server").memory,
    DATABASE_MEMORY: limit("database").memory,
  }
}

/** Nine tenths of a limit such as 512M, as Go writes it: from there on it collects what is free before it takes more. */
function goMemory(limit: string): string {
  const [, size, unit] = /^(\d+)([MG])$/.exec(limit)!
  return `${Math.floor(Number(size) * (unit === "G" ? 1024 : 1) * 0.9)}MiB`
}

/** Replaces `${NAME}` in every text. A text that is one variable and nothing else becomes its value, of its type. */
export function filledIn(value: unknown, variables: Variables): unknown {
  if (Array.isArray(value)) return value.map((item) => filledIn(item, variables))
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, filledIn(member, variables)]),
    )
  if (typeof value !== "string") return value
  const variable = (name: string) => {
    if (!(name in variables)) throw new Error(`The stack's file has no value for \${${name}}.`)
    return variables[name]!
  }
  const whole = /^\$\{(\w+)\}$/.exec(value)?.[1]
  if (whole) return variable(whole)
  return value.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => `${variable(name)}`)
}

/** What the server does without when there is no secret of the name. */
const OPTIONAL: SecretName[] = [
  "database-direct-url",
  "jwt-secret-key-previous",
  "smtp-password",
  "mail-https-key",
  "metrics-token",
  "alert-smtp-url",
  "alert-webhook-url",
  "dead-man-url",
  "sentry-dsn",
  "otel-exporter-otlp-headers",
  "backup-report-token",
]

export function giveSecrets(compose: Compose, secrets: CurrentSecrets, optional = OPTIONAL) {
  const wanted = Object.keys(compose.secrets) as SecretName[]
  const missing = wanted.filter((name) => !secrets[name] && !optional.includes(name))
  if (missing.length > 0)
    throw new Refusal(3, `The stack lacks the secret${missing.length > 1 ? "s" : ""} ${missing.join(", ")}.`)
  for (const name of wanted) {
    if (secrets[name]) compose.secrets[name]!.name = secrets[name]
    else withoutSecret(compose, name)
  }
}

function withoutSecret(compose: Compose, name: SecretName) {
  delete compose.secrets[name]
  for (const service of Object.values(compose.services)) {
    service.secrets = service.secrets?.filter(({ source }) => source !== name)
    for (const [variable, value] of Object.entries(service.environment ?? {}))
      if (value === `/run/secrets/${name}`) delete service.environment![variable]
  }
}

/**
 * By the engine's syslog driver (RFC 5424), tagged `STACK/SERVICE`. The engine keeps a copy of its own to be read, which
 * counts by the container as before (`cache-*`). Datagrams: a receiver that is away holds up no container's start.
 */
function sendLogs(compose: Compose, { stack, logs }: StackEnvironment) {
  for (const [name, service] of Object.entries(compose.services))
    service.logging = {
      driver: "syslog",
      options: {
        "syslog-address": logs!.syslog,
        "syslog-format": "rfc5424micro",
        tag: `${stack}/${name}`,
        "cache-max-size": "10m",
        "cache-max-file": "3",
      },
    }
}

function tellBackup(compose: Compose, place: BackupPlace, secrets: CurrentSecrets) {
  const backup = compose.services.backup!
  // One goes with the other.
  if (!secrets["backup-report-token"]) delete backup.environment!.BACKUP_REPORT_URL
  backup.environment = { ...backup.environment, ...backupVariables(place), BACKUP_HOUR: `${place.hour}` }
}

function withoutBackup(compose: Compose) {
  delete compose.services.backup
  delete compose.volumes.backup
  for (const name of BACKUP_SECRETS) delete compose.secrets[name]
}

/** What the service that backs up is given, and nobody else. */
export const BACKUP_SECRETS: SecretName[] = [
  "database-backup-url",
  "backup-s3-access-key-id",
  "backup-s3-secret-access-key",
]

/** Let's Encrypt is verified by the authorities of Traefik's own image. */
function withoutAuthority(compose: Compose) {
  const traefik = compose.services.traefik!
  delete compose.configs["acme-ca"]
  traefik.configs = traefik.configs!.filter(({ source }) => source !== "acme-ca")
  delete traefik.environment!.LEGO_CA_CERTIFICATES
}

/**
 * Labels that send every domain but the first to it, path and query kept, for good: cookies and links are the first
 * one's. Each has a router, and so a certificate, of its own: a name that cannot be certified holds up no other.
 */
function redirections([first, ...others]: string[]): Record<string, string> {
  if (others.length === 0) return {}
  const middleware = "traefik.http.middlewares"
  const labels: Record<string, string> = {
    [`${middleware}.to-first.redirectRegex.regex`]: "^https?://[^/]+/(.*)",
    [`${middleware}.to-first.redirectRegex.replacement`]: `https://${first}/$\{1}`,
    [`${middleware}.to-first.redirectRegex.permanent`]: "true",
    [`${middleware}.hsts.headers.stsSeconds`]: "31536000",
  }
  for (const [index, domain] of others.entries()) {
    const router = `traefik.http.routers.other-${index + 1}`
    labels[`${router}.rule`] = `Host(\`${domain}\`)`
    labels[`${router}.entryPoints`] = "websecure"
    labels[`${router}.service`] = "docket"
    labels[`${router}.middlewares`] = "hsts,to-first"
  }
  return labels
}

/**
 * A Swarm config cannot be changed, so a new content is a new name, and only then is a task touched. Swarm takes names of 64
 * characters.
 */
export async function nameConfigs(compose: Compose, stack: string) {
  for (const [name, config] of Object.entries(compose.configs)) {
    config.file = resolve(FOLDER, config.file)
    const content = await Bun.file(config.file).bytes()
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 8)
    config.name = `${`${stack}_${name}`.slice(0, 55)}_${hash}`
  }
}

/** Asks the engine for what the stack needs to know of it. */
export async function engineFacts(docker: Docker): Promise<EngineFacts> {
  const info = JSON.parse(await docker(["info", "--format", "{{json .}}"]))
  if (!info.Swarm?.ControlAvailable)
    throw new Refusal(1, `${info.Name} is not a manager of a Swarm: bun run ops setup-host makes it one.`)
  return { overlayRanges: info.Swarm.Cluster.DefaultAddrPool ?? SWARM_RANGES, cpus: info.NCPU }
}

/**
 * Brings the Swarm to `compose`, and returns as soon as it has taken it: what becomes of it is watched elsewhere. The
 * images are run as they are on the nodes, so that a tag that has moved meanwhile touches no task.
 */
export async function deployStack(docker: Docker, stack: string, compose: Compose): Promise<void> {
  await placeOnce(docker, stack)
  if ("database" in compose.volumes) compose.volumes.database = { name: await databaseVolume(docker, stack) }
  const flags = ["--detach=true", "--resolve-image=never", "--with-registry-auth", "--compose-file=-"]
  await docker(["stack", "deploy", ...flags, stack], documentOf(compose))
}

/** As `docker stack deploy` reads it, which would fill in variables once more. */
export const documentOf = (compose: Compose): string =>
  JSON.stringify({ version: "3.13", ...compose }).replaceAll("$", "$$$$")

/** What keeps files on a node stays there: Traefik its certificates, PostgreSQL its volume. At first, on this one. */
async function placeOnce(docker: Docker, stack: string) {
  const labels = await docker(["node", "ls", "--quiet"]).then((ids) =>
    docker(["node", "inspect", "--format", "{{json .Spec.Labels}}", ...ids.split("\n")]),
  )
  const placed = labels.split("\n").flatMap((line) => Object.keys(JSON.parse(line) ?? {}))
  const wanted = ["traefik", "database"].map((name) => `${stack}.${name}`)
  const missing = wanted.filter((label) => !placed.includes(label))
  if (missing.length === 0) return
  const flags = missing.map((label) => `--label-add=${label}=true`)
  await docker(["node", "update", ...flags, await docker(["info", "--format", "{{.Swarm.NodeID}}"])])
}
