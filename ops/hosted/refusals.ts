import type { HostedEnvironment } from "../environments/hosted.ts"
import { HUB } from "./running.ts"

/** Commands that a hosted environment has no use for, and what does it there. Completes `needSwarm`. */
export const INSTEAD: Record<
  "setup-host" | "secrets" | "scale" | "logs",
  (environment: HostedEnvironment) => string
> = {
  "setup-host": () => "There is no host to set up: docs/deployment/huggingface.md says how a Space is made.",
  secrets: ({ space }) =>
    `Its secrets are kept by Hugging Face and set at ${HUB}/spaces/${space}/settings; a change restarts the Space.`,
  scale: ({ space }) =>
    `A Space is one container: set its variable WORKERS at ${HUB}/spaces/${space}/settings, or choose larger hardware there.`,
  logs: ({ space }) => `Its log is at ${HUB}/spaces/${space}?logs=container, and the build's at ?logs=build.`,
}
