import { type Static, Type } from "@sinclair/typebox"
import { cosignShape, REPOSITORY } from "./swarm.ts"

/**
 * An environment on Hugging Face Spaces (server), Vercel (page) and Neon (database).
 * Its server answers at the address that the Space's name gives it (ops/hosted/running.ts).
 */
export const hostedShape = Type.Object(
  {
    kind: Type.Literal("hosted"),
    space: Type.String({
      description: "the Space's owner/name",
      pattern: "^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$",
    }),
    image: Type.String({
      description: "a repository in lower case without tag or digest, as in ghcr.io/owner/docket",
      pattern: REPOSITORY,
    }),
    frontend: Type.String({
      description: "the page's address, as in https://docket.example.org",
      pattern: "^https://",
    }),
    cosign: cosignShape,
  },
  { additionalProperties: false },
)

export type HostedEnvironment = Static<typeof hostedShape> & { name: string; path: string }
