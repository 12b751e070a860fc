/** Where a request stands in a trace (W3C Trace Context: https://www.w3.org/TR/trace-context/). */
export type TraceContext = {
  /** 32 hexadecimal digits. */
  traceId: string
  /** The span that the request's is a child of, 16 digits; null where the trace begins here. */
  parentId: string | null
  /** Whether it is recorded: as who began the trace has decided. */
  sampled: boolean
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const ZEROS = /^0+$/

/** Reads the header `traceparent`; null for what is none, which begins a new trace. Later versions may have more at the end. */
export function readTraceparent(header: string | null): TraceContext | null {
  const [, version, traceId, parentId, flags, more] = TRACEPARENT.exec(header ?? "") ?? []
  if (!traceId || !parentId || version === "ff" || (version === "00" && more !== undefined)) return null
  if (ZEROS.test(traceId) || ZEROS.test(parentId)) return null
  return { traceId, parentId, sampled: (Number.parseInt(flags!, 16) & 1) === 1 }
}

/** A trace that begins with a request has the request's id where that is a UUID: who knows one finds the other. */
export function newTrace(requestId: string): TraceContext {
  const digits = requestId.replaceAll("-", "").toLowerCase()
  const traceId = /^[0-9a-f]{32}$/.test(digits) && !ZEROS.test(digits) ? digits : newId(16)
  return { traceId, parentId: null, sampled: true }
}

/** Of a span 8 bytes, of a trace 16; as hexadecimal digits. */
export const newId = (bytes: 8 | 16) =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex")

/** The span of a request, and where it stands in its trace; `statements` are those that have a span so far. */
export type RequestTrace = TraceContext & { spanId: string; statements: number }

export const beginTrace = (requestId: string): RequestTrace => ({
  ...newTrace(requestId),
  spanId: newId(8),
  statements: 0,
})

/** What whoever passed the request on says of it: its id and, where there is one, the trace that it belongs to. */
export function continueTrace(trace: RequestTrace, requestId: string, traceparent: string | null) {
  Object.assign(trace, readTraceparent(traceparent) ?? newTrace(requestId))
}
