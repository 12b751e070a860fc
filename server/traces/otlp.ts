import type { TraceContext } from "../trace-context.ts"

/** What took time, from `startedAt` for `seconds`. */
export type Span = Pick<TraceContext, "traceId" | "parentId"> & {
  spanId: string
  name: string
  kind: keyof typeof KINDS
  /** Milliseconds since 1970, with fractions. */
  startedAt: number
  seconds: number
  attributes: Record<string, string | number | null>
  failed: boolean
}

const KINDS = { server: 2, client: 3 }
const ERROR = 2

type Resource = { version: string; environment: string }

/** `ExportTraceServiceRequest` as JSON has it (opentelemetry-proto, "OTLP/JSON"): ids in hexadecimal, 64-bit numbers as text. */
export const exportRequest = (spans: Span[], { version, environment }: Resource) => ({
  resourceSpans: [
    {
      resource: {
        attributes: attributes({
          "service.name": "docket",
          "service.version": version,
          "deployment.environment.name": environment,
          "process.pid": process.pid,
        }),
      },
      scopeSpans: [{ scope: { name: "docket", version }, spans: spans.map(spanOf) }],
    },
  ],
})

const spanOf = ({
  traceId,
  spanId,
  parentId,
  name,
  kind,
  startedAt,
  seconds,
  attributes: own,
  failed,
}: Span) => ({
  traceId,
  spanId,
  ...(parentId === null ? {} : { parentSpanId: parentId }),
  name,
  kind: KINDS[kind],
  startTimeUnixNano: nanoseconds(startedAt),
  endTimeUnixNano: nanoseconds(startedAt + seconds * 1000),
  attributes: attributes(own),
  ...(failed ? { status: { code: ERROR } } : {}),
})

/** A number has no room for nanoseconds since 1970: microseconds, and three noughts. */
const nanoseconds = (milliseconds: number) => `${Math.round(milliseconds * 1000)}000`

const attributes = (given: Span["attributes"]) =>
  Object.entries(given).flatMap(([key, value]) =>
    value === null
      ? []
      : [
          {
            key,
            value: typeof value === "string" ? { stringValue: value } : { intValue: `${Math.round(value)}` },
          },
        ],
  )
