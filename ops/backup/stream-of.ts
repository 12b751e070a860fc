/** A stream that asks `chunks` for the next only when that is wanted. Bun has `ReadableStream.from`, its types do not. */
export const streamOf = (chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  (
    ReadableStream as unknown as { from: (chunks: AsyncIterable<Uint8Array>) => ReadableStream<Uint8Array> }
  ).from(chunks)
