import pino, { type DestinationStream, type Logger } from "pino"
import type { Config } from "./config.ts"
import { errorFacts, masked } from "./log-secrets.ts"
import { version } from "./release.ts"

/**
 * JSON lines with `timestamp` (ISO 8601), `level` in words, `name`, `release` and `message`; for eyes instead in development.
 * Every line passes `masked`. `output` is where they go, standard output by default; `failed` gets the lines of errors.
 */
export async function createLog(
  { logLevel, environment }: Pick<Config, "logLevel" | "environment">,
  output?: DestinationStream,
  failed?: (line: string) => void,
): Promise<Logger> {
  const stream = output ?? (environment === "development" ? await forEyes() : buffered())
  return pino(
    {
      name: "docket",
      level: logLevel,
      base: { release: version },
      messageKey: "message",
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => (error instanceof Error ? errorFacts(error) : error) },
    },
    {
      write: (line) => {
        const text = masked(line)
        stream.write(text)
        if (failed && FAILED.test(text)) failed(text)
      },
    },
  )
}

/** The level is a line's first member. */
const FAILED = /^\{"level":"(error|fatal)"/

/** Lines are written together, a fifth of a second late at most, and at the latest when the process ends. */
const buffered = () => pino.destination({ fd: 1, sync: false, minLength: 4096, periodicFlush: 200 })

async function forEyes(): Promise<DestinationStream> {
  // Named by a variable so that the server's bundle leaves it out.
  const name = "pino-pretty"
  const { default: pretty } = await import(name)
  return pretty({
    messageKey: "message",
    timestampKey: "timestamp",
    ignore: "name,release,requestId",
    sync: true,
  })
}
