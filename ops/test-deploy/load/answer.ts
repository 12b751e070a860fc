export type Answer = { status: number; headers: Record<string, string>; body: string }

/** What became of a request that got no whole answer, or a connection that could not be made; `kind` is counted by. */
export class Broken extends Error {
  constructor(
    readonly kind: string,
    cause?: unknown,
  ) {
    super(cause === undefined ? kind : `${kind}: ${cause}`)
  }
}
