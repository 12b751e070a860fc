export type Operation = {
  /** Unique over the API; generated clients name their methods after it. */
  id: string
  tag: "Accounts" | "Sessions" | "Lists" | "Todos" | "Sync" | "Health" | "Instance"
  summary: string
  description?: string
  /** The media type of the answer, where it is not JSON. */
  answer?: string
  /** Answers without an access token. */
  public?: boolean
  /**
   * The problems of this operation alone, by status: `{ 409: ["id-taken"] }`. What any operation may answer (a bad
   * shape, no token, too many requests, …) is added to all of them by `openapiDocument`.
   */
  problems?: Record<number, string[]>
}

/** The `detail` of a route. */
export const operation = ({
  id,
  tag,
  summary,
  description,
  answer,
  public: isPublic,
  problems,
}: Operation) => ({
  operationId: id,
  tags: [tag],
  summary,
  ...(description ? { description } : {}),
  ...(isPublic ? { security: [] } : {}),
  ...(answer ? { "x-answer": answer } : {}),
  "x-problems": problems ?? {},
})
