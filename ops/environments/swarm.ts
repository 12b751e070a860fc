import { type Static, Type } from "@sinclair/typebox"

const line = (description: string, pattern?: string) =>
  Type.String({ description, minLength: 1, maxLength: 500, ...(pattern && { pattern }) })
const closed = { additionalProperties: false }

/** Lower case, as a registry wants it; no tag and no digest, which `deploy` is given. */
export const REPOSITORY =
  "^([a-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$"
const HOST_NAME = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$"

const limit = Type.Object(
  {
    cpus: Type.Optional(Type.Number({ description: "a number of processors", exclusiveMinimum: 0 })),
    memory: Type.Optional(line("a size, as in 512M or 2G", "^[0-9]+[MG]$")),
  },
  { ...closed, description: "a table: cpus, memory" },
)

/** Whose signature an image has to carry; or, with `unsigned`, that none is asked for. */
export const cosignShape = Type.Optional(
  Type.Union(
    [
      Type.Object({ key: line("a file with the public key") }, closed),
      Type.Object(
        { identity: line("whose signature counts"), issuer: line("where they sign in", "^https://") },
        closed,
      ),
      Type.Object({ unsigned: Type.Literal(true) }, closed),
    ],
    { description: "a table with key (a file), with identity and issuer, or with unsigned = true" },
  ),
)

/** An environment that is a Docker Swarm of the operator's own. `description` completes `field must be …`. */
export const swarmShape = Type.Object(
  {
    kind: Type.Literal("swarm"),
    engine: Type.Optional(
      line(
        "where Docker is, as in ssh://deploy@docket.example.org; the variable DOCKER_HOST comes before it",
        "^(ssh|tcp|unix)://",
      ),
    ),
    // Swarm takes names of 64 characters: `STACK_NAME_12345678` of a secret is the longest (ops/swarm/secrets.ts).
    stack: line(
      "a name of up to 27 characters in lower case, as in docket-production",
      "^[a-z][a-z0-9-]{0,26}$",
    ),
    image: line("a repository in lower case without tag or digest, as in ghcr.io/owner/docket", REPOSITORY),
    domains: Type.Array(line("a host name", HOST_NAME), {
      description: 'a list of 1 to 20 host names in lower case, as in ["docket.example.org"]',
      minItems: 1,
      maxItems: 20,
    }),
    acme_email: line("the address to which the certificate authority writes", "^[^@\\s]+@[^@\\s]+$"),
    replicas: Type.Integer({ description: "a number from 1 to 50", minimum: 1, maximum: 50, default: 2 }),
    database: Type.Union([Type.Literal("stack"), Type.Literal("outside")], {
      description: '"stack" (PostgreSQL runs in the stack) or "outside" (the secrets lead elsewhere)',
      default: "stack",
    }),
    acme: Type.Optional(
      Type.Object(
        {
          directory: Type.Optional(line("the URL of an ACME directory", "^https://")),
          ca: Type.Optional(line("a file with the authority that signs the directory's own certificate")),
          certificates_duration_hours: Type.Optional(
            Type.Integer({ description: "a whole number of hours", minimum: 1, maximum: 9000 }),
          ),
        },
        { ...closed, description: "a table: directory, ca, certificates_duration_hours" },
      ),
    ),
    cosign: cosignShape,
    images: Type.Object(
      {
        traefik: Type.Optional(line("an image's name")),
        postgres: Type.Optional(line("an image's name")),
        haproxy: Type.Optional(line("an image's name")),
      },
      { ...closed, description: "a table: traefik, postgres, haproxy", default: {} },
    ),
    limits: Type.Optional(
      Type.Object(
        { traefik: Type.Optional(limit), server: Type.Optional(limit), database: Type.Optional(limit) },
        { ...closed, description: "a table: traefik, server, database" },
      ),
    ),
    nofile: Type.Optional(
      Type.Integer({ description: "a number from 1024 to 1048576", minimum: 1024, maximum: 1_048_576 }),
    ),
    archive: Type.Optional(
      Type.Object(
        {
          image: line("what ops/database/Dockerfile builds, by its name and digest"),
          endpoint: line("an S3 service, as in https://s3.example.org", "^https://[^/\\s]+$"),
          bucket: line("a bucket's name", "^[a-z0-9][a-z0-9.-]+$"),
          region: Type.Optional(line("a region, as in eu-central-1; us-east-1 unless given", "^[a-z0-9-]+$")),
          ca: Type.Optional(line("a file with the authority that signs the storage's certificate")),
          queue: Type.Optional(
            line(
              "how much write-ahead log may wait on the disk, as in 4G, which it is unless given",
              "^[0-9]+[MG]$",
            ),
          ),
        },
        { ...closed, description: "a table: image, endpoint, bucket, region, ca, queue" },
      ),
    ),
    logs: Type.Optional(
      Type.Object(
        {
          syslog: line("where a receiver listens, as in udp://127.0.0.1:5514", "^udp://[^\\s/]+:[0-9]{1,5}$"),
        },
        { ...closed, description: "a table: syslog" },
      ),
    ),
    backup: Type.Optional(
      Type.Object(
        {
          image: Type.Optional(
            line("an image of the tools by its name and digest; the release's own unless given"),
          ),
          endpoint: line("the storage's address, as in https://s3.example.org", "^https?://[^/]+$"),
          bucket: line("a bucket's name", "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"),
          region: Type.Optional(line("a region's name")),
          prefix: Type.Optional(line("what every key begins with")),
          recipients: Type.Array(line("a public key of age", "^age1[a-z0-9]{50,}$"), {
            description: 'a list of 1 to 20 public keys of age, as in ["age1…"]',
            minItems: 1,
            maxItems: 20,
          }),
          hour: Type.Integer({
            description: "an hour of the day, UTC, from 0 to 23",
            minimum: 0,
            maximum: 23,
          }),
        },
        { ...closed, description: "a table: image, endpoint, bucket, region, prefix, recipients, hour" },
      ),
    ),
    docker_socket: Type.Optional(line("the path of the engine's socket on the managers", "^/")),
    settings: Type.Record(Type.String(), Type.String({ maxLength: 10_000 }), {
      description: "a table of the server's variables",
      default: {},
    }),
    smoke: Type.Optional(
      Type.Object(
        {
          address: Type.Optional(line("host:port to connect to instead of what DNS says", "^.+:\\d+$")),
          http_address: Type.Optional(line("the same for plain HTTP; port 80 unless given", "^.+:\\d+$")),
          ca: Type.Optional(line("a file with the authority that signs the certificates")),
        },
        { ...closed, description: "a table: address, http_address, ca" },
      ),
    ),
  },
  closed,
)

/** Its name is the file's; paths in it are absolute once it is read. */
export type SwarmEnvironment = Static<typeof swarmShape> & { name: string; path: string }
