import pino, { type Logger } from "pino"
import type { Config } from "./config.ts"

/** JSON lines with `timestamp` (ISO 8601), `level` in words, `name` and `message`. */
export const createLog = (config: Pick<Config, "logLevel">): Logger =>
  pino({
    name: "docket",
    level: config.logLevel,
    base: {},
    messageKey: "message",
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  })
