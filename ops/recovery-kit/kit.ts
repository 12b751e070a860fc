import { type Static, Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { Refusal } from "../refusal.ts"

const texts = Type.Record(Type.String(), Type.String())

const kitShape = Type.Object({
  format: Type.Literal(1),
  madeAt: Type.String(),
  /** `user@host`. */
  madeBy: Type.String(),
  /** Of Docket that made it. */
  version: Type.String(),
  /** Its file, and the files that it names, by the field that names them: `acme.ca`. */
  environment: Type.Object({ name: Type.String(), stack: Type.String(), text: Type.String(), files: texts }),
  /** What served when the kit was made, by digest; null before the first release. */
  release: Type.Union([
    Type.Null(),
    Type.Object({
      image: Type.String(),
      number: Type.Integer(),
      version: Type.String(),
      /** What made its backups, and its PostgreSQL: to be fetched beforehand, or found again elsewhere. */
      tools: Type.Optional(Type.String()),
      database: Type.Optional(Type.String()),
    }),
  ]),
  /** Every secret of the stack, by its name in ops/swarm/secrets.ts. */
  secrets: texts,
  /** What reads backups and opens them; null where the stack makes none. */
  backups: Type.Union([
    Type.Null(),
    Type.Object({
      identities: Type.Array(Type.String(), { minItems: 1 }),
      reader: Type.Object({ accessKeyId: Type.String(), secretAccessKey: Type.String() }),
      /** Whose signature makes a backup proven, in PEM. */
      proofPublicKey: Type.Union([Type.String(), Type.Null()]),
    }),
  ]),
})

/** All that is needed, beside the bucket and the registry, to bring an environment back on an empty host. */
export type Kit = Static<typeof kitShape>

const FORMAT = 1

/** The kit that `text` is. Throws a `Refusal` (3) that says why it is none, or of which other format. */
export function parseKit(text: string): Kit {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(3, "What is inside is no recovery kit: it is no JSON.")
  }
  refuseFormat((value as { format?: unknown } | null)?.format)
  if (Value.Check(kitShape, value)) return value
  const first = [...Value.Errors(kitShape, value)][0]
  throw new Refusal(3, `The kit is not whole: ${first?.path || "all of it"} is not as it should be.`)
}

/** Refuses (3) every format but this release's, by its number. */
export function refuseFormat(format: unknown) {
  if (format === FORMAT) return
  const which = typeof format === "number" ? `format ${format}` : "no format that can be told"
  const newer = typeof format === "number" && format > FORMAT
  throw new Refusal(
    3,
    `The kit is of ${which}, and this release reads format ${FORMAT}: ${newer ? "use the release that made it, or a newer one" : "open it with the release that made it, and make a new one with this"}.`,
  )
}

/** One line for people. */
export function kitText({ environment, release, secrets, backups, madeAt, madeBy }: Kit): string {
  const names = Object.keys(secrets).sort().join(", ")
  return [
    `The recovery kit of ${environment.name} (${environment.stack}), made ${madeAt} by ${madeBy}.`,
    `  release: ${release ? `${release.number}, ${release.version}, ${release.image}` : "none had been made"}`,
    ...(release?.tools ? [`  tools: ${release.tools}`] : []),
    ...(release?.database ? [`  database: ${release.database}`] : []),
    `  secrets: ${names}`,
    `  backups: ${backups ? `${backups.identities.length} age identities, an identity that reads the storage${backups.proofPublicKey ? ", and whose proofs count" : ""}` : "the stack makes none"}`,
  ].join("\n")
}
